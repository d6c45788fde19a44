import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitUntil } from './wait-until';

const ROOT = join(__dirname, '..', '..', '..');
const JARS = join(ROOT, 'infra', 'spark', 'target', 'jars');
const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 150_000;
/** Servers and settings of the stack of this test run, which must not reach the one that is started here. */
const NOT_INHERITED =
  /^(DATABASE_URL|REDIS_URL|KAFKA_BOOTSTRAP_SERVERS|KAFKA_TOPIC|SPARK_\w+|MILLRACE_\w+|NODE_OPTIONS|.*_PORT)$/;
const PARTS = [
  'GATEWAY',
  'RESULTS',
  'ORCHESTRATOR',
  'SPARK_UI',
  'SPARK_CONNECT',
  'KAFKA',
  'POSTGRES',
  'REDIS',
];

/** What Spark's daemons reach into. */
const MODULES = ['java.lang', 'java.nio', 'java.util', 'sun.nio.ch', 'sun.security.action'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

/** The environment of a Spark whose executors are processes of their own: they get their class path from `SPARK_HOME/jars`. */
export function sparkHome(folder: string): Readonly<Record<string, string>> {
  const home = join(folder, 'spark');
  mkdirSync(home, { recursive: true });
  symlinkSync(JARS, join(home, 'jars'));
  // Spark otherwise looks for the folders of its own build to find out.
  return { SPARK_HOME: home, SPARK_SCALA_VERSION: '2.13', SPARK_LOCAL_IP: '127.0.0.1' };
}

/** A process of a test. Ends with it: what stays beyond the limit is killed. */
class Running {
  private output = '';

  constructor(
    private readonly name: string,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-20_000)));
    }
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits for a fact; where the process ends first, or is late, the error has the end of what it printed. */
  async until(what: string, isSo: (output: string) => boolean): Promise<void> {
    const look = () => Promise.resolve(this.hasEnded || isSo(this.output) || undefined);
    const seen = await waitUntil(what, look, { timeoutMs: START_LIMIT_MS }).catch(() => false);
    if (!seen || this.hasEnded) {
      throw new Error(
        `${this.name} ${this.hasEnded ? 'ended' : 'was late'}, waiting for ${what}\n${this.output}`,
      );
    }
  }

  async stop(how: () => void): Promise<void> {
    if (this.hasEnded) return;
    const exited = once(this.child, 'exit');
    how();
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(late);
  }
}

/** A standalone master with two workers of two cores each. */
export class StandaloneCluster {
  private constructor(
    private readonly processes: readonly Running[],
    /** `spark://host:port` */
    readonly url: string,
  ) {}

  static async start(
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<StandaloneCluster> {
    const port = await freePort();
    const url = `spark://127.0.0.1:${String(port)}`;
    const daemon = (name: string, ...args: string[]) =>
      new Running(
        name,
        spawn(
          javaCommand(),
          ['-Xmx256m', ...MODULES, '-cp', join(JARS, '*'), `org.apache.spark.deploy.${name}`, ...args],
          { cwd: folder, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
        ),
      );
    const address = ['--host', '127.0.0.1', '--webui-port', '0'];
    const master = daemon('master.Master', ...address, '--port', String(port));
    const processes = [master];
    const cluster = new StandaloneCluster(processes, url);
    try {
      await master.until('the master to be elected', isSaid(/ALIVE/));
      for (const name of ['one', 'two']) {
        const size = ['--cores', '2', '--memory', '1g', '--work-dir', join(folder, `work-${name}`)];
        const worker = daemon('worker.Worker', ...address, '--port', '0', ...size, url);
        processes.push(worker);
        await worker.until('the worker to be registered', isSaid(/Successfully registered with master/));
      }
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async stop(): Promise<void> {
    for (const process of [...this.processes].reverse()) {
      await process.stop(() => process.child.kill('SIGTERM'));
    }
  }
}

/** The whole of Millrace beside the stack of the test run, with another master of Spark. */
export class StackOnCluster {
  private constructor(private readonly running: Running) {}

  /** @param home its state: `endpoints.json` is there when this resolves */
  static async start(home: string, environment: Readonly<Record<string, string>>): Promise<StackOnCluster> {
    const own = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
    const ports = Object.fromEntries(PARTS.map((part) => [`${part}_PORT`, '0']));
    const main = join(ROOT, 'tools', 'stack', 'dist', 'main.js');
    // It ends when its standard input closes, so also when this process is killed.
    const child = spawn(process.execPath, [main, 'start', '--no-demo', '--fast', '--until-stdin-closes'], {
      cwd: ROOT,
      env: { ...Object.fromEntries(own), ...ports, ...environment, MILLRACE_HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stack = new StackOnCluster(new Running('the stack', child));
    const endpoints = join(home, 'endpoints.json');
    try {
      await stack.running.until('endpoints.json', () => existsSync(endpoints));
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  async stop(): Promise<void> {
    await this.running.stop(() => this.running.child.stdin?.end());
  }
}

export interface Executor {
  readonly id: string;
  readonly isActive: boolean;
  readonly totalTasks: number;
}

/** The executors of the one application, as Spark's own REST API tells them; the driver is one of them, called so. */
export async function executorsOf(home: string): Promise<readonly Executor[]> {
  return (await ofSparkUi(home, `/${await applicationId(home)}/executors`)) as Executor[];
}

/** The process of an executor, by what Spark started it with. */
export async function executorPid(home: string, executorId: string): Promise<number> {
  const appId = await applicationId(home);
  const found = readdirSync('/proc').find((name) => {
    const given = /^\d+$/.test(name) ? argumentsOf(name) : [];
    const valueOf = (option: string) => given[given.indexOf(option) + 1];
    return (
      given.includes('--executor-id') &&
      valueOf('--executor-id') === executorId &&
      valueOf('--app-id') === appId
    );
  });
  if (found === undefined) throw new Error(`Executor ${executorId} has no process`);
  return Number(found);
}

function argumentsOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // It has ended since the processes were listed.
    return [];
  }
}

async function applicationId(home: string): Promise<string> {
  const [application] = (await ofSparkUi(home, '')) as { id: string }[];
  return application?.id ?? '';
}

async function ofSparkUi(home: string, path: string): Promise<unknown> {
  const { sparkUi } = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8')) as { sparkUi: string };
  return (await fetch(`${sparkUi}/api/v1/applications${path}`)).json();
}

const isSaid = (pattern: RegExp) => (output: string) => pattern.test(output);

function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
