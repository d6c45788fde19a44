import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from './wait-until';

jest.setTimeout(400_000);

const ROOT = join(__dirname, '..', '..', '..');
/** Settings of the stack under test that must not reach the one that is started here. */
const INHERITED = /^(DATABASE_URL|REDIS_URL|KAFKA_BOOTSTRAP_SERVERS|SPARK_REMOTE|NODE_OPTIONS|.*_PORT)$/;

function start(home: string, ...flags: string[]) {
  const own = Object.entries(process.env).filter(([name]) => !INHERITED.test(name));
  const env = { ...Object.fromEntries(own), MILLRACE_HOME: home };
  const child = spawn('npm', ['start', '--', ...flags], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { ended, output: () => output };
}

/** Processes that the supervisor noted, the supervisor included. */
function notedPids(home: string): Map<string, number> {
  const folder = join(home, 'run');
  if (!existsSync(folder)) return new Map();
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name): [string, number][] => {
        try {
          const { pid } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { pid: number };
          return [[name.replace('.json', ''), pid]];
        } catch (error) {
          // It has ended since the folder was listed.
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
          throw error;
        }
      }),
  );
}

/** True when the gateway of that home answers. */
async function answers(home: string): Promise<true | undefined> {
  const { gateway } = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8')) as { gateway: string };
  return (await fetch(`${gateway}/health/live`)).ok || undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start', () => {
  const home = join(mkdtempSync(join(tmpdir(), 'millrace-')), 'state with spaces');

  afterAll(() => {
    rmSync(join(home, '..'), { recursive: true, force: true });
  });

  it('runs the main job with the default ports taken, prints its table and leaves nothing running', async () => {
    const { ended, output } = start(home, '--exit');
    let seen = new Map<string, number>();
    const watch = setInterval(() => (seen = new Map([...seen, ...notedPids(home)])), 500);
    const code = await ended;
    clearInterval(watch);
    if (code !== 0) throw new Error(output());
    expect(output()).toMatch(/electronics/);
    expect(output()).toMatch(/batch-\d{8}-[0-9a-f]{8}/);
    expect(seen.size).toBeGreaterThanOrEqual(7);
    expect([...seen].filter(([, pid]) => isAlive(pid))).toEqual([]);
  });

  it('finds and ends what a killed supervisor left, and keeps the data', async () => {
    const first = start(home, '--no-demo');
    await waitUntil('the gateway', () => answers(home), { timeoutMs: 120_000 });
    const left = notedPids(home);
    const supervisor = left.get('supervisor');
    if (supervisor === undefined)
      throw new Error(`No note of the supervisor among ${[...left.keys()].join(', ')}`);
    process.kill(supervisor, 'SIGKILL');
    await first.ended;
    const second = start(home, '--no-demo', '--exit');
    if ((await second.ended) !== 0) throw new Error(second.output());
    expect([...left].filter(([, pid]) => isAlive(pid))).toEqual([]);
    expect(existsSync(join(home, 'data', 'delta', 'stream', 'transactions', '_delta_log'))).toBe(true);
  });
});
