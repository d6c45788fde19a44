import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts, guardOf, javaCommand } from './spark-server';

const ROOT = resolve(__dirname, '..', '..', '..', '..');
const JAR = join(ROOT, 'infra', 's3', 'target', 'jars', 's3mock.jar');
const START_LIMIT_MS = 90_000;
const POLL_MS = 100;
const SHOWN_LINES = 30;

/** An S3-compatible object store of a test's own, which takes any credentials. It ends with this process. */
export class S3Server {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly java: ChildProcess,
    private readonly guard: ChildProcess | undefined,
  ) {}

  /** @param buckets that it has from the start. */
  static async start(...buckets: readonly string[]): Promise<S3Server> {
    if (!existsSync(JAR)) throw new Error(`there is no ${JAR}: npm test -- --integration fetches it`);
    const folder = mkdtempSync(join(tmpdir(), 's3-server-'));
    const [port = 0, tlsPort = 0] = await freePorts(2);
    const log = openSync(join(folder, 'log'), 'a');
    const java = spawn(javaCommand(), argumentsOf(folder, port, tlsPort, buckets), {
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    java.once('error', () => undefined);
    java.unref();
    const server = new S3Server(port, folder, java, guardOf(java, folder));
    if (await server.answers()) return server;
    const tail = readFileSync(join(folder, 'log'), 'utf8').split('\n').slice(-SHOWN_LINES).join('\n');
    await server.stop();
    throw new Error(`the object store of this test did not start\n${tail}`);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    if (this.java.pid !== undefined && this.java.exitCode === null && this.java.signalCode === null) {
      const exited = once(this.java, 'exit');
      this.java.kill('SIGKILL');
      await exited;
    }
    this.guard?.kill('SIGKILL');
    this.guard?.stdin?.destroy();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async answers(): Promise<boolean> {
    const until = Date.now() + START_LIMIT_MS;
    while (Date.now() < until && this.java.exitCode === null && this.java.signalCode === null) {
      const isUp = await fetch(this.endpoint).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isUp) return true;
      await delay(POLL_MS);
    }
    return false;
  }
}

function argumentsOf(
  folder: string,
  port: number,
  tlsPort: number,
  buckets: readonly string[],
): readonly string[] {
  const settings = {
    'server.port': tlsPort,
    'com.adobe.testing.s3mock.httpPort': port,
    'com.adobe.testing.s3mock.store.root': join(folder, 'objects'),
    'com.adobe.testing.s3mock.store.initialBuckets': buckets.join(','),
  };
  const told = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  // It starts sooner by half where nothing is compiled for a long life.
  return ['-Xmx256m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-jar', JAR, ...told];
}
