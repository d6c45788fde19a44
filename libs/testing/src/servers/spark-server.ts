import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { Socket, connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = resolve(__dirname, '..', '..', '..', '..');
const START_LIMIT_MS = 180_000;
const STOP_LIMIT_MS = 30_000;
const POLL_MS = 100;
const SHOWN_LINES = 30;

/** What Spark's own launcher opens for it (`JavaModuleOptions`), as far as a query with Arrow and Delta needs it. */
const OPENED_PACKAGES = [
  ...['java.lang', 'java.lang.invoke', 'java.lang.reflect', 'java.io', 'java.net', 'java.nio', 'java.util'],
  ...['java.util.concurrent', 'java.util.concurrent.atomic', 'jdk.internal.ref', 'sun.nio.ch', 'sun.nio.cs'],
  ...['sun.security.action', 'sun.util.calendar'],
];

/** How a Spark Connect server for a test differs from the one of the stack. */
export interface SparkServerOptions {
  /** Settings over those of `conf/spark-defaults.conf`. */
  readonly conf?: Readonly<Record<string, string>>;
  /** Heap of the JVM, as `-Xmx` takes it. Default 1g. */
  readonly heap?: string;
  /** Further options of the JVM; of two that contradict each other the later counts, so these. */
  readonly jvmOptions?: readonly string[];
}

/**
 * A Spark Connect server of a test's own, which it may kill. It ends with this process, however this process ends: nothing of it is
 * left where a test fails, or is killed itself.
 */
export class SparkServer {
  private java: ChildProcess | undefined;
  private guard: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly uiPort: number,
    /** Everything it writes. Gone after `stop`. */
    readonly folder: string,
    private readonly options: SparkServerOptions,
  ) {}

  /** Starts one on free ports and waits until it listens. A server that ends, or is late, is an error with the end of its log. */
  static async start(options: SparkServerOptions = {}): Promise<SparkServer> {
    const folder = mkdtempSync(join(tmpdir(), 'spark-server-'));
    const [port, uiPort] = await freePorts(2);
    if (port === undefined || uiPort === undefined) throw new Error('the system has no free port');
    const server = new SparkServer(port, uiPort, folder, options);
    await server.run();
    return server;
  }

  /** `sc://host:port` */
  get remote(): string {
    return `sc://127.0.0.1:${String(this.port)}`;
  }

  /** Base URL of Spark's UI and of its REST API. */
  get ui(): string {
    return `http://127.0.0.1:${String(this.uiPort)}`;
  }

  /** The process id of the running JVM; undefined while there is none. */
  get pid(): number | undefined {
    return this.java?.pid;
  }

  /** Ends the JVM as a power failure would; resolves when it has gone. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Starts it on the same port and files, killing what still runs. */
  async restart(): Promise<void> {
    await this.kill();
    await this.run();
  }

  /** Ends it and removes its files. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async run(): Promise<void> {
    const log = join(this.folder, 'spark.log');
    const file = openSync(log, 'a');
    const java = spawn(javaCommand(), this.javaArguments(), {
      cwd: this.folder,
      // The UI binds to this address and to no other setting.
      env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1', TZ: 'UTC' },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    java.unref();
    this.java = java;
    this.guard = guardOf(java, this.folder);
    const failure = new Promise<Error>((found) => java.once('error', found));
    const outcome = await Promise.race([this.listens(java), failure]);
    if (outcome === true) return;
    const why = outcome instanceof Error ? `: ${outcome.message}` : '';
    const tail = readFileSync(log, 'utf8').split('\n').slice(-SHOWN_LINES).join('\n');
    await this.stop();
    throw new Error(`the Spark Connect server of this test did not start${why}\n${tail}`);
  }

  private async listens(java: ChildProcess): Promise<boolean> {
    const until = Date.now() + START_LIMIT_MS;
    while (Date.now() < until && java.exitCode === null && java.signalCode === null) {
      if (await accepts(this.port)) return true;
      await delay(POLL_MS);
    }
    return false;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { java, guard } = this;
    this.java = undefined;
    this.guard = undefined;
    if (java !== undefined && java.exitCode === null && java.signalCode === null) {
      const exited = once(java, 'exit');
      java.kill(signal);
      const late = setTimeout(() => java.kill('SIGKILL'), STOP_LIMIT_MS);
      await exited;
      clearTimeout(late);
    }
    // After the JVM: until then it must go when this process does.
    guard?.kill('SIGKILL');
    guard?.stdin?.destroy();
  }

  private javaArguments(): string[] {
    const local = join(this.folder, 'local');
    const temporary = join(this.folder, 'tmp');
    for (const path of [local, temporary]) mkdirSync(path, { recursive: true });
    const settings = {
      'spark.master': 'local[4]',
      'spark.scheduler.allocation.file': join(ROOT, 'conf', 'fairscheduler.xml'),
      'spark.connect.grpc.binding.address': '127.0.0.1',
      'spark.connect.grpc.binding.port': String(this.port),
      'spark.ui.port': String(this.uiPort),
      'spark.port.maxRetries': '0',
      'spark.driver.host': '127.0.0.1',
      'spark.driver.bindAddress': '127.0.0.1',
      'spark.local.dir': local,
      'spark.sql.warehouse.dir': join(this.folder, 'warehouse'),
      ...this.options.conf,
    };
    return [
      `-Xmx${this.options.heap ?? '1g'}`,
      // It lives for minutes, and so gains more from compiling quickly than from compiling well.
      '-XX:TieredStopAtLevel=1',
      '--add-modules=jdk.incubator.vector',
      ...OPENED_PACKAGES.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
      '-Dio.netty.tryReflectionSetAccessible=true',
      '-Duser.timezone=UTC',
      ...(this.options.jvmOptions ?? []),
      `-Djava.io.tmpdir=${temporary}`,
      `-Dlog4j2.configurationFile=${join(ROOT, 'conf', 'log4j2.properties')}`,
      ...['-cp', join(ROOT, 'infra', 'spark', 'target', 'jars', '*'), 'org.apache.spark.deploy.SparkSubmit'],
      ...['--properties-file', join(ROOT, 'conf', 'spark-defaults.conf')],
      ...Object.entries(settings).flatMap(([name, value]) => ['--conf', `${name}=${value}`]),
      ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer', 'spark-internal'],
    ];
  }
}

/** A shell that outlives this process for a moment: when the pipe from here closes, it ends the JVM and removes the files. */
export function guardOf(java: ChildProcess, folder: string): ChildProcess | undefined {
  if (java.pid === undefined) return undefined;
  const script = 'cat > /dev/null; kill -9 "$1"; sleep 1; rm -rf "$2"';
  const guard = spawn('sh', ['-c', script, 'guard', String(java.pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Not in the group of the terminal: Ctrl-C must not end the guard before its job is done.
    detached: true,
  });
  guard.once('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

/** The Java of JAVA_HOME, else the one on PATH. */
export function javaCommand(): string {
  const home = process.env['JAVA_HOME'];
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
}

/** So many ports nobody listens on; all held at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(port, '127.0.0.1');
    const done = (isOpen: boolean) => () => {
      socket.destroy();
      answer(isOpen);
    };
    socket.once('connect', done(true));
    socket.once('error', done(false));
  });
}
