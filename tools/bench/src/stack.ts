import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { requireEndpoints } from '@millrace/testing';
import type { Endpoints } from '@millrace/testing';

/** The whole of Millrace, empty at first. */
export interface MeasuredStack {
  readonly endpoints: Endpoints;
  readonly deltaBasePath: string;
  /** Where it comes from, for the reader of the figures. */
  readonly origin: string;
  stop(): Promise<void>;
}

const ROOT = join(__dirname, '..', '..', '..');
const START_LIMIT_MS = 5 * 60_000;
const SPARK_HEAP = '3g';
const PORTS = [
  'GATEWAY',
  'RESULTS',
  'ORCHESTRATOR',
  'SPARK_UI',
  'SPARK_CONNECT',
  'KAFKA',
  'POSTGRES',
  'REDIS',
];

/** The running stack that MILLRACE_ENDPOINTS names, or one of our own with a home and ports of its own. */
export async function openStack(): Promise<MeasuredStack> {
  const given = process.env['MILLRACE_ENDPOINTS'];
  if (given !== undefined && given !== '') {
    const deltaBasePath = join(dirname(given), 'data', 'delta');
    return {
      endpoints: requireEndpoints(),
      deltaBasePath,
      origin: 'MILLRACE_ENDPOINTS',
      stop: () => Promise.resolve(),
    };
  }
  const home = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  // Where root runs this, Postgres runs as another user, who must get in.
  chmodSync(home, 0o711);
  const child = startStack(home);
  await untilPublished(home, child);
  process.env['MILLRACE_ENDPOINTS'] = join(home, 'endpoints.json');
  return {
    endpoints: requireEndpoints(),
    deltaBasePath: join(home, 'data', 'delta'),
    origin: `started for this run, Spark with -Xmx${SPARK_HEAP}`,
    stop: async () => {
      delete process.env['MILLRACE_ENDPOINTS'];
      child.stdin?.end();
      if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function startStack(home: string): ChildProcess {
  const ports = Object.fromEntries(PORTS.map((name) => [`${name}_PORT`, '0']));
  const main = join(ROOT, 'tools', 'stack', 'dist', 'main.js');
  // It ends when its standard input closes, so also when this process is killed.
  return spawn(process.execPath, [main, 'start', '--no-demo', '--until-stdin-closes'], {
    cwd: ROOT,
    env: { ...process.env, ...ports, MILLRACE_HOME: home, SPARK_HEAP },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

async function untilPublished(home: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!existsSync(join(home, 'endpoints.json'))) {
    if (child.exitCode !== null) throw new Error(`The stack did not start; its logs are in ${home}/logs`);
    if (Date.now() > deadline) throw new Error('Waited 5 min for the stack to start');
    await delay(200);
  }
}
