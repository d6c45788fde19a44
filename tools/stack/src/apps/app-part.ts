import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PartFailure } from '../part-failure';
import type { PartSpec } from '../process/part';

export type AppName = 'results' | 'orchestrator' | 'gateway';

/** As in `conf/`: what batches get to end at a drain. */
const DEFAULT_DRAIN_TIMEOUT_MS = 60_000;
/** Outlasts the gateway, which waits up to 75 s more than that for the orchestrator and closes its connections then. */
const DRAIN_MARGIN_MS = 90_000;
/** Outlasts the orchestrator's wait for the lease of a predecessor that still drains (60 s). */
const READY_LIMIT_MS = 90_000;
const PROBE_LIMIT_MS = 2_000;

export interface AppSetup {
  readonly root: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Else glibc keeps an arena of freed memory for each thread, with many of them: tens of MiB. */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

/** One of our three applications. */
export function appPart(name: AppName, setup: AppSetup): PartSpec {
  return {
    name,
    command: process.execPath,
    args: ['--max-old-space-size=256', '--enable-source-maps', requireMain(setup.root, `apps/${name}`, name)],
    cwd: setup.root,
    env: { ...FEW_ARENAS, ...setup.env },
    stopLimitMs: drainTimeoutMs(setup.env) + DRAIN_MARGIN_MS,
    waitsFor: `${name} to answer ${setup.url}/health/live`,
    readyLimitMs: READY_LIMIT_MS,
    isReady: () => answersOk(`${setup.url}/health/live`),
    // Only the gateway is told from outside to end: POST /stop.
    onExitZero: name === 'gateway' ? 'ends-stack' : 'restart',
  };
}

/** A value that is no number is not judged here: the application refuses to start with it, and says why. */
function drainTimeoutMs(env: AppSetup['env']): number {
  const set = env['MILLRACE_DRAIN_TIMEOUT_MS']?.trim() ?? '';
  return /^\d+$/.test(set) ? Number(set) : DEFAULT_DRAIN_TIMEOUT_MS;
}

/**
 * The built entry of a project.
 * @throws PartFailure where it was not built
 */
export function requireMain(root: string, project: string, part: string): string {
  const file = join(root, project, 'dist', 'main.js');
  if (!existsSync(file)) {
    throw new PartFailure(part, `${project} is not built`, { fix: 'run npm run build' });
  }
  return file;
}

/** Whether a URL answers with a 2xx. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
