import { Logger } from '@nestjs/common';

/** One step of a shutdown. It must end by itself when the signal aborts, which it does at its time limit. */
export interface DrainStage {
  readonly name: string;
  readonly timeoutMs: number;
  run(signal: AbortSignal): Promise<void>;
}

/**
 * The ordered end of a process: every stage in the order of adding, then `leave`. Starting it again changes nothing.
 * A stage that fails or takes too long is logged and makes the exit code 1; the later ones run all the same.
 */
export class Drain {
  private readonly logger = new Logger('Drain');
  private readonly stages: DrainStage[] = [];
  private running: Promise<void> | undefined;
  private leaving: Promise<void> | undefined;
  private failed = false;

  /** @param end closes what is open and ends the process with the code. */
  constructor(private readonly end: (exitCode: number) => Promise<void>) {}

  /** True from the first request on: readiness is off and nothing new is accepted. */
  get isDraining(): boolean {
    return this.running !== undefined;
  }

  add(stage: DrainStage): void {
    this.stages.push(stage);
  }

  /** Runs the stages, and ends the process after them. */
  async request(reason: string): Promise<void> {
    await this.run(reason);
    await this.leave();
  }

  /** As `request`, but the exit code is 1 also when all stages do well. A drain that runs already gets that code too. */
  async requestAfterFailure(reason: string): Promise<void> {
    this.failed = true;
    await this.request(reason);
  }

  /** Runs the stages only; whoever must still answer calls `leave` after it. */
  run(reason: string): Promise<void> {
    this.running ??= this.runStages(reason);
    return this.running;
  }

  leave(): Promise<void> {
    this.leaving ??= this.end(this.failed ? 1 : 0);
    return this.leaving;
  }

  private async runStages(reason: string): Promise<void> {
    this.logger.log(`Shutting down: ${reason}`);
    for (const stage of this.stages) {
      try {
        await withinTimeout(stage);
        this.logger.log(`Shutdown: ${stage.name} done`);
      } catch (error) {
        this.failed = true;
        this.logger.error({ err: error }, `Shutdown: ${stage.name} failed`);
      }
    }
  }
}

async function withinTimeout(stage: DrainStage): Promise<void> {
  const abort = new AbortController();
  const timeout = new Promise<never>((_resolve, reject) => {
    abort.signal.addEventListener('abort', () => {
      reject(new Error(`not done after ${String(stage.timeoutMs)} ms`));
    });
  });
  const timer = setTimeout(() => {
    abort.abort();
  }, stage.timeoutMs);
  try {
    await Promise.race([stage.run(abort.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
