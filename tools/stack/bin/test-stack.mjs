import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';

const START_LIMIT_MS = 5 * 60_000;
const STOP_LIMIT_MS = 3 * 60_000;
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

/** Servers of the person's own must not be tested or measured on: a run starts, kills and fills its own. */
const NOT_PASSED_ON = [
  'DATABASE_URL',
  'REDIS_URL',
  'KAFKA_BOOTSTRAP_SERVERS',
  'SPARK_REMOTE',
  'SPARK_UI_URL',
  'KAFKA_TOPIC',
];

/** JVMs that live for minutes gain more from compiling quickly than from compiling well. */
const QUICK_JVM = { JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1' };

const FOR_TESTS = { flags: ['--fast'], isQuickJvm: true, isShown: true };

/** A stack of its own for one run of tests or of a bench: a fresh home, free ports, nothing of it left afterwards. */
export class TestStack {
  /** What `options` hold: `test-stack.d.mts`. */
  static async start(options = {}) {
    const home = mkdtempSync(join(tmpdir(), 'millrace-test-'));
    // Where root runs this, Postgres runs as another user, who must get in.
    chmodSync(home, 0o711);
    const stack = new TestStack(home, { ...FOR_TESTS, ...options });
    await stack.ready();
    return stack;
  }

  constructor(home, { flags, isQuickJvm, isShown, sparkHeap }) {
    this.home = home;
    this.jvm = isQuickJvm ? QUICK_JVM : {};
    this.endpoints = join(home, 'endpoints.json');
    const main = join(ROOT, 'tools', 'stack', 'dist', 'main.js');
    // It ends when its standard input closes, so also when this process is killed.
    this.child = spawn(process.execPath, [main, 'start', '--no-demo', '--until-stdin-closes', ...flags], {
      cwd: ROOT,
      env: { ...ownEnv(home), ...this.jvm, ...(sparkHeap && { SPARK_HEAP: sparkHeap }) },
      stdio: ['pipe', isShown ? 'inherit' : 'ignore', 'inherit'],
    });
    this.child.stdin.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      this.child.once('exit', (code) => resolve(code ?? 1));
      this.child.once('error', () => resolve(1));
    });
    this.exited.then((code) => (this.exitCode = code));
  }

  /** What the specs need to find it. */
  get env() {
    return { MILLRACE_ENDPOINTS: this.endpoints, MILLRACE_HOME: this.home, ...this.jvm };
  }

  async ready() {
    const endsAt = Date.now() + START_LIMIT_MS;
    while (!existsSync(this.endpoints)) {
      if (this.exitCode !== undefined)
        throw new Failure(`the stack did not start; its logs are in ${join(this.home, 'logs')}`);
      if (Date.now() > endsAt) {
        await this.stop();
        throw new Failure('waited 5 min for the stack to start');
      }
      await delay(100);
    }
  }

  /**
   * Drains and stops it.
   * @param {{ keep?: boolean }} options `keep`: leave the logs for a look at them
   */
  async stop({ keep = false } = {}) {
    this.child.stdin.end();
    const late = delay(STOP_LIMIT_MS, 'late', { ref: false });
    if ((await Promise.race([this.exited, late])) === 'late') this.child.kill('SIGKILL');
    const code = await this.exited;
    if (!keep) rmSync(this.home, { recursive: true, force: true });
    return code === 0;
  }
}

function ownEnv(home) {
  const env = { ...process.env, MILLRACE_HOME: home };
  for (const name of NOT_PASSED_ON) delete env[name];
  for (const name of PORTS) env[`${name}_PORT`] = '0';
  return env;
}
