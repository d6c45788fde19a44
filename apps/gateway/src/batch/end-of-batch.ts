import { isTerminal } from '@millrace/domain';
import type { BatchRecord, BatchRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { BatchFeed } from '../events/batch-feed';
import { BATCH_REGISTRY } from '../ports';

type Waiter = (ended: BatchRecord | undefined) => void;

interface Watch {
  readonly batchId: string;
  readonly waiters: Set<Waiter>;
  isLooking: boolean;
  /** Something may have happened since the look that is under way began. */
  isStale: boolean;
}

/** Waits for the ends of batches. However many wait for one batch, it is looked at once for each change. */
@Injectable()
export class EndOfBatch implements OnModuleDestroy {
  private readonly watches = new Map<string, Watch>();
  private isClosing = false;

  constructor(
    private readonly feed: BatchFeed,
    @Inject(BATCH_REGISTRY) private readonly batches: Pick<BatchRegistry, 'find'>,
  ) {}

  /** A process that ends keeps nobody waiting. */
  onModuleDestroy(): void {
    this.isClosing = true;
    for (const watch of this.watches.values()) settle(watch, undefined);
  }

  /** How many wait. */
  get size(): number {
    return [...this.watches.values()].reduce((sum, { waiters }) => sum + waiters.size, 0);
  }

  /** The record once the batch has ended; undefined when the time is over, the signal aborts or the process ends first. */
  wait(batchId: string, timeoutMs: number, signal: AbortSignal): Promise<BatchRecord | undefined> {
    if (this.isClosing || signal.aborted) return Promise.resolve(undefined);
    const watch = this.watches.get(batchId) ?? {
      batchId,
      waiters: new Set(),
      isLooking: false,
      isStale: false,
    };
    this.watches.set(batchId, watch);
    const stopFollowing = this.feed.follow(batchId, () => void this.look(watch));
    return new Promise((resolve) => {
      const waiter: Waiter = (ended) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        stopFollowing();
        watch.waiters.delete(waiter);
        if (watch.waiters.size === 0 && this.watches.get(batchId) === watch) this.watches.delete(batchId);
        resolve(ended);
      };
      const giveUp = () => {
        waiter(undefined);
      };
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener('abort', giveUp);
      watch.waiters.add(waiter);
      // It may have ended before anybody listened.
      void this.look(watch);
    });
  }

  private async look(watch: Watch): Promise<void> {
    watch.isStale = true;
    if (watch.isLooking) return;
    watch.isLooking = true;
    while (watch.isStale && watch.waiters.size > 0) {
      watch.isStale = false;
      // A registry that is away is asked again with the next change, or in a while.
      const record = await this.batches.find(watch.batchId).catch(() => undefined);
      if (record !== undefined && isTerminal(record.status)) settle(watch, record);
    }
    watch.isLooking = false;
  }
}

function settle({ waiters }: Watch, ended: BatchRecord | undefined): void {
  for (const waiter of [...waiters]) waiter(ended);
}
