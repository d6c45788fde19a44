import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { call, endpoints, home, pidOf } from './stack-under-test';
import { waitUntil } from './wait-until';

/** What a finished batch does not need. */
export const STOPPED_PARTS = ['spark', 'kafka', 'redis'] as const;
type StoppedPart = (typeof STOPPED_PARTS)[number];

/** `gone`: killed, and connections are refused; `frozen`: connections are taken, and nobody answers. */
export type OutageKind = 'gone' | 'frozen';

const CONNECT_LIMIT_MS = 1_000;

const addressOf = (part: StoppedPart): URL =>
  new URL(
    { spark: endpoints.sparkConnect, kafka: `kafka://${endpoints.kafka}`, redis: endpoints.redis }[part],
  );

/** Whether a connection to the part is taken: by it, or by the system for it. */
function takesConnections(part: StoppedPart): Promise<boolean> {
  const { hostname, port } = addressOf(part);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), timeout: CONNECT_LIMIT_MS });
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => {
      finish(true);
    });
    socket.once('timeout', () => {
      finish(true);
    });
    socket.once('error', () => {
      finish(false);
    });
  });
}

/** False where the process has ended. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

/**
 * Spark, Kafka and Redis of the stack under test, away until `end()`. The supervisor starts again what dies: each of these starts
 * is frozen before it listens, or is killed as well.
 */
export class Outage {
  private readonly killed = new Map<StoppedPart, number>();
  private readonly frozen = new Map<StoppedPart, number>();
  private watcher: FSWatcher | undefined;
  private isOver = false;

  private constructor() {}

  static async begin(kind: OutageKind): Promise<Outage> {
    const outage = new Outage();
    try {
      if (kind === 'frozen') outage.freezeAll();
      else await outage.killAll();
    } catch (error) {
      // Nobody else could end it.
      await outage.end();
      throw error;
    }
    return outage;
  }

  /** Lets all of them go on, and waits until the stack has them again. */
  async end(): Promise<void> {
    this.isOver = true;
    this.watcher?.close();
    for (const pid of this.frozen.values()) signal(pid, 'SIGCONT');
    await waitUntil(
      'the stack to recover',
      async () => {
        const answers = await Promise.all(['/health', '/health/ready'].map((path) => call('GET', path)));
        const areUp = await Promise.all(STOPPED_PARTS.map(takesConnections));
        return [...answers.map(({ status }) => status === 200), ...areUp].every(Boolean) ? true : undefined;
      },
      { timeoutMs: 240_000 },
    );
  }

  private freezeAll(): void {
    for (const part of STOPPED_PARTS) this.freeze(part, pidOf(part));
  }

  private async killAll(): Promise<void> {
    // The supervisor notes each process right after it has started it, long before a server listens.
    this.watcher = watch(join(home(), 'run'), () => {
      this.freezeStarted();
    });
    for (const part of STOPPED_PARTS) this.kill(part);
    await waitUntil('nobody to take connections', () => this.areAllHeld(), {
      timeoutMs: 60_000,
      pollMs: 50,
    });
  }

  private freezeStarted(): void {
    if (this.isOver) return;
    for (const part of STOPPED_PARTS) {
      const pid = pidOf(part);
      if (this.killed.get(part) === pid || this.frozen.get(part) === pid) continue;
      this.freeze(part, pid);
      void this.killIfListening(part, pid);
    }
  }

  /** It was quicker than the freeze. */
  private async killIfListening(part: StoppedPart, pid: number): Promise<void> {
    const isListening = await takesConnections(part);
    if (isListening && !this.isOver && this.frozen.get(part) === pid) this.kill(part);
  }

  private async areAllHeld(): Promise<true | undefined> {
    this.freezeStarted();
    const areListening = await Promise.all(STOPPED_PARTS.map(takesConnections));
    return STOPPED_PARTS.every((part, i) => this.frozen.has(part) && areListening[i] === false)
      ? true
      : undefined;
  }

  private freeze(part: StoppedPart, pid: number): void {
    if (signal(pid, 'SIGSTOP')) this.frozen.set(part, pid);
  }

  private kill(part: StoppedPart): void {
    const pid = pidOf(part);
    this.killed.set(part, pid);
    this.frozen.delete(part);
    signal(pid, 'SIGKILL');
  }
}
