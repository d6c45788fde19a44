import { setTimeout as delay } from 'node:timers/promises';
import { PartFailure } from '../part-failure';
import { WaitedTooLong, until } from '../until';
import { describeExit, logFileOf, startChild } from './child';
import type { ChildFolders, ChildSpec, Exit, RunningChild } from './child';
import { explainLog } from './explain-log';
import { signalGroup } from './process-group';
import { removeRunRecord } from './run-records';
import { RESTART_LIMITS, RestartBudget } from './restart-budget';
import type { RestartLimits } from './restart-budget';

/**
 * `POST /stop` ends the orchestrator first, in order, and then the gateway, whose end is the end of the stack: a part that
 * left in order is not started again before that can have happened.
 */
const ORDERLY_EXIT_DELAY_MS = 3_000;

/** A long-running process of the stack, and how to tell that it serves. */
export interface PartSpec extends ChildSpec {
  /** Completes "waited N s for ...". */
  readonly waitsFor: string;
  readonly readyLimitMs: number;
  /** How long it may take to end in order before it is killed. */
  readonly stopLimitMs: number;
  isReady(): Promise<boolean>;
  /** Runs before each start, restarts included. */
  beforeStart?(): void;
  /**
   * What an exit with code 0 means that nobody here asked for. `restart` (the usual): as a crash. `ends-stack`: the part was
   * told from outside to end everything. `finished`: it had done its work.
   */
  readonly onExitZero?: 'restart' | 'ends-stack' | 'finished';
}

/** What the supervisor is told about its parts. */
export interface PartEvents {
  crashed(name: string, how: string, delayMs: number): void;
  restarted(name: string): void;
  gaveUp(failure: PartFailure): void;
  asksToStop(name: string): void;
}

/** Runs one process, and runs it again when it crashes. */
export class Part {
  private child: RunningChild | undefined;
  private readonly stopping = new AbortController();
  private readonly budget: RestartBudget;

  constructor(
    readonly spec: PartSpec,
    private readonly folders: ChildFolders,
    private readonly events: PartEvents,
    limits: RestartLimits = RESTART_LIMITS,
  ) {
    this.budget = new RestartBudget(limits);
  }

  get name(): string {
    return this.spec.name;
  }

  get isRunning(): boolean {
    return this.child !== undefined && !hasExited(this.child);
  }

  /**
   * Starts the process and waits until it serves; from then on a crash is followed by a restart.
   * @throws PartFailure when it ends or does not serve within its limit
   */
  async start(): Promise<void> {
    const child = await this.startOnce();
    void child.exited.then((exit) => this.onExit(exit));
  }

  /** Ends the process in order; after its limit by force. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const { child } = this;
    if (child?.pid === undefined) return;
    const { pid } = child;
    const signal = this.spec.stopSignal ?? 'SIGTERM';
    // Only the leader is asked: it ends its own children in order. By force it is the whole group.
    if (!hasExited(child)) signalProcess(pid, signal);
    const limit = new AbortController();
    const late = delay(this.spec.stopLimitMs, 'late', { signal: limit.signal }).catch(() => 'ended');
    await Promise.race([child.exited, late]);
    limit.abort();
    signalGroup(pid, 'SIGKILL');
    await child.exited;
    removeRunRecord(this.folders.run, this.name);
  }

  private async startOnce(): Promise<RunningChild> {
    this.spec.beforeStart?.();
    const child = startChild(this.spec, this.folders);
    this.child = child;
    exits.set(child, undefined);
    void child.exited.then((exit) => exits.set(child, exit));
    const isReady = async (): Promise<boolean> => {
      const exit = exits.get(child);
      if (exit) throw this.failure(describeExit(exit));
      return this.spec.isReady();
    };
    try {
      await until(isReady, {
        what: this.spec.waitsFor,
        limitMs: this.spec.readyLimitMs,
        signal: this.stopping.signal,
      });
    } catch (error) {
      if (error instanceof WaitedTooLong) throw this.failure(error.message, error);
      throw error;
    }
    return child;
  }

  private failure(how: string, error?: unknown): PartFailure {
    const logFile = logFileOf(this.folders, this.name);
    const known = explainLog(logFile);
    const cause = known ? `${this.name} ${how}: ${known.cause}` : `${this.name} ${how}`;
    return new PartFailure(this.name, cause, { fix: known?.fix, logFile, error });
  }

  private async onExit(exit: Exit): Promise<void> {
    const { child } = this;
    // What the process left of its group would hold its port.
    if (child?.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    if (this.stopping.signal.aborted) return;
    const meaning = exit.code === 0 ? (this.spec.onExitZero ?? 'restart') : 'restart';
    if (meaning === 'ends-stack') this.events.asksToStop(this.name);
    if (meaning === 'restart') await this.restart(describeExit(exit), exit.code === 0);
  }

  private async restart(how: string, inOrder = false): Promise<void> {
    const backOffMs = this.budget.crashedAt(Date.now());
    if (backOffMs === undefined) {
      this.events.gaveUp(this.failure(`${how}, too often to go on`));
      return;
    }
    const delayMs = inOrder ? Math.max(backOffMs, ORDERLY_EXIT_DELAY_MS) : backOffMs;
    this.events.crashed(this.name, how, delayMs);
    try {
      await delay(delayMs, undefined, { signal: this.stopping.signal });
      await this.start();
      this.events.restarted(this.name);
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      if (this.child?.pid !== undefined) signalGroup(this.child.pid, 'SIGKILL');
      await this.restart(error instanceof Error ? error.message : String(error));
    }
  }
}

const exits = new WeakMap<RunningChild, Exit | undefined>();

function hasExited(child: RunningChild): boolean {
  return exits.get(child) !== undefined;
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself just now.
  }
}
