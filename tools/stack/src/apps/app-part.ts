import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PartFailure } from '../part-failure';
import type { PartSpec } from '../process/part';

export type AppName = 'results' | 'orchestrator' | 'gateway';

/** Batches get 60 s to end at a drain; the rest is for the stream, the session and the connections. */
const DRAIN_LIMIT_MS = 90_000;
const PROBE_LIMIT_MS = 2_000;

export interface AppSetup {
  readonly root: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One of our three applications. */
export function appPart(name: AppName, setup: AppSetup): PartSpec {
  return {
    name,
    command: process.execPath,
    args: ['--max-old-space-size=256', '--enable-source-maps', requireMain(setup.root, `apps/${name}`, name)],
    cwd: setup.root,
    env: setup.env,
    stopLimitMs: DRAIN_LIMIT_MS,
    waitsFor: `${name} to answer ${setup.url}/health/live`,
    readyLimitMs: 60_000,
    isReady: () => answersOk(`${setup.url}/health/live`),
    // Only the gateway is told from outside to end: POST /stop.
    onExitZero: name === 'gateway' ? 'ends-stack' : 'restart',
  };
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
