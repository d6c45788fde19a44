import { setTimeout as pause } from 'node:timers/promises';
import { isMillraceError } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import type { RecoveryPorts } from './ports';
import { recoverRegistry } from './recover-registry';
import type { RecoveryOptions, RecoverySummary } from './recover-registry';

/** Postgres may start after this process. */
const RETRY_MS = 5_000;
/** More ids than this do not help whoever reads the log; the command lists all. */
const MOST_IDS = 20;

export interface StartRecoveryOptions extends Omit<RecoveryOptions, 'signal' | 'onProgress'> {
  readonly retryMs?: number;
}

/** Gives lost batches their rows when the service has started, while it answers already. */
export class RecoverAtStart {
  private readonly logger = new Logger('Recovery');
  private readonly abort = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly ports: RecoveryPorts,
    private readonly options: StartRecoveryOptions,
  ) {}

  /** Returns at once. */
  start(): void {
    this.running ??= this.run();
  }

  /** Settles when all folders were looked at, or when it was stopped. */
  async ended(): Promise<void> {
    await this.running;
  }

  /** Ends it; a batch that it is looking at is finished first. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    while (!(await this.isDone(signal))) {
      await pause(this.options.retryMs ?? RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async isDone(signal: AbortSignal): Promise<boolean> {
    try {
      this.report(await recoverRegistry(this.ports, { ...this.options, signal }));
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      if (isMillraceError(error) && error.code === 'SERVICE_UNAVAILABLE') return false;
      this.logger.error({ err: error }, 'Looking for batches without a row failed');
      return true;
    }
  }

  private report({ folders, recovered, failed }: RecoverySummary): void {
    if (recovered.length === 0 && failed.length === 0) return;
    const unknown = recovered.filter(({ status }) => status === 'UNKNOWN');
    const facts = {
      folders,
      completed: recovered.length - unknown.length,
      unknown: unknown.length,
      failed: failed.length,
      batchIds: recovered.slice(0, MOST_IDS).map(({ batchId }) => batchId),
    };
    this.logger.warn(facts, 'Batches without a row were found on disk, and rows made for them');
    for (const failure of failed.slice(0, MOST_IDS)) {
      this.logger.error(failure, 'A batch without a row could not be given one');
    }
  }
}
