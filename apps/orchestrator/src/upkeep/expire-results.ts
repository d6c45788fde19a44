import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { PeriodicTask } from '../periodic-task';
import { summaryOf } from '../spark/session-errors';
import type { BatchFolders } from './batch-folders';

export interface ExpirySettings {
  /** Longer than any request: whoever reads results when they are given up can finish. */
  readonly graceMs: number;
}

const INTERVAL_MS = 60_000;
/** Not while the service starts, when others need the registry. */
const FIRST_DELAY_MS = 30_000;
const MOST_PER_ROUND = 500;

/**
 * Removes results whose time is over, and what failed batches had finished, in two steps: first the row says that they
 * are given up, so that nobody is sent to them any more; the files go when the grace is over. Which batches still have
 * files is seen from the folders themselves, so that a restart forgets nothing. A folder without a row is left alone:
 * the audit lists it.
 */
export class ExpireResults {
  private readonly logger = new Logger(ExpireResults.name);
  private readonly rounds = new PeriodicTask('Looking for expired results', INTERVAL_MS, () => this.round());
  /** The last folder that was looked at; the next round goes on behind it. */
  private lastSeen = '';

  /** @param folders undefined where the tables are in an object store, which has life-cycle rules of its own. */
  constructor(
    private readonly registry: BatchRegistry,
    private readonly folders: BatchFolders | undefined,
    private readonly settings: ExpirySettings,
    private readonly now: () => Date = () => new Date(),
    private readonly mostPerRound = MOST_PER_ROUND,
  ) {}

  start(): void {
    if (this.folders === undefined) {
      this.logger.warn(
        'The tables are not on a local disk: expired results are not served, and their files are left to the ' +
          'life-cycle rules of the store',
      );
    }
    this.rounds.start(FIRST_DELAY_MS);
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    for (const { batchId } of await this.registry.expired(this.now(), this.mostPerRound)) {
      await this.giveUp(batchId);
    }
    if (this.folders !== undefined) await this.removeFolders(this.folders);
  }

  private async giveUp(batchId: string): Promise<void> {
    if (await this.registry.markResultsDeleted(batchId, this.now())) {
      this.logger.log({ batchId }, 'Results have expired');
    }
  }

  private async removeFolders(folders: BatchFolders): Promise<void> {
    const all = await folders.list();
    const behind = all.filter((batchId) => batchId > this.lastSeen);
    const looked = (behind.length > 0 ? behind : all).slice(0, this.mostPerRound);
    this.lastSeen = looked.at(-1) ?? '';
    for (const batchId of looked) {
      try {
        await this.tend(folders, batchId);
      } catch (error) {
        this.logger.warn({ batchId }, `The folder of the batch stays for now: ${summaryOf(error)}`);
      }
    }
  }

  private async tend(folders: BatchFolders, batchId: string): Promise<void> {
    const batch = await this.registry.find(batchId);
    const since = batch && uselessSince(batch);
    if (!since || this.now().getTime() - since.getTime() < this.settings.graceMs) return;
    await folders.remove(batchId);
    this.logger.log({ batchId }, 'Files of the batch removed');
  }
}

/** Since when nobody is sent to the files; null as long as they may be needed. */
function uselessSince({ status, endTime, resultsDeleted }: BatchRecord): Date | null {
  // What a cancelled batch has written was never visible.
  return status === 'CANCELLED' ? endTime : resultsDeleted;
}
