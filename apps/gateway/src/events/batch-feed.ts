import type { BatchEvent, BatchRegistry } from '@millrace/domain';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { BATCH_REGISTRY, GATEWAY_PORTS } from '../ports';
import type { GatewayPorts } from '../ports';
import { EVENT_TIMING } from './event-timing';
import type { EventTiming } from './event-timing';

/** Most events of one read. */
export const EVENTS_PER_READ = 200;

type Read = Promise<readonly BatchEvent[] | undefined>;

/**
 * Tells many followers of changes through one subscription of this process. A change is only a hint: what happened is
 * read from the registry, once for all followers that stand at the same event.
 */
@Injectable()
export class BatchFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly followers = new Map<string, Set<() => void>>();
  private readonly watchers = new Set<(batchId: string) => void>();
  private readonly reads = new Map<string, Map<number, Read>>();
  private readonly logger = new Logger(BatchFeed.name);
  private isAway = false;
  private unsubscribe: (() => void) | undefined;
  private lookTimer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(GATEWAY_PORTS) private readonly ports: Pick<GatewayPorts, 'changes'>,
    @Inject(BATCH_REGISTRY) private readonly batches: Pick<BatchRegistry, 'events'>,
    @Inject(EVENT_TIMING) private readonly timing: EventTiming,
  ) {}

  /** Before the first follower: connecting takes its time, and what happens meanwhile would be found late. */
  onApplicationBootstrap(): void {
    this.unsubscribe = this.ports.changes.onChange((batchId) => {
      this.wake(batchId);
      for (const watch of this.watchers) watch(batchId);
    });
    this.lookTimer = setInterval(() => {
      for (const batchId of this.followers.keys()) this.wake(batchId);
    }, this.timing.lookMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.lookTimer);
    this.unsubscribe?.();
  }

  /**
   * Calls `wake` whenever there may be new events of the batch.
   * @returns ends it.
   */
  follow(batchId: string, wake: () => void): () => void {
    const followers = this.followers.get(batchId) ?? new Set();
    this.followers.set(batchId, followers.add(wake));
    return () => {
      followers.delete(wake);
      if (followers.size === 0 && this.followers.get(batchId) === followers) this.followers.delete(batchId);
    };
  }

  /**
   * Calls the listener with the id of each batch that changed.
   * @returns ends it.
   */
  watch(listener: (batchId: string) => void): () => void {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  /** How many follow or watch. */
  get size(): number {
    return [...this.followers.values()].reduce((sum, { size }) => sum + size, this.watchers.size);
  }

  /**
   * Events after the one of this id, at most `EVENTS_PER_READ`; undefined while the registry is away, which the next look
   * tries again.
   */
  read(batchId: string, afterId: number): Promise<readonly BatchEvent[] | undefined> {
    const reads = this.reads.get(batchId) ?? new Map<number, Read>();
    this.reads.set(batchId, reads);
    const underWay = reads.get(afterId);
    if (underWay !== undefined) return underWay;
    const read = this.ask(batchId, afterId).finally(() => {
      if (reads.get(afterId) === read) reads.delete(afterId);
      if (reads.size === 0 && this.reads.get(batchId) === reads) this.reads.delete(batchId);
    });
    reads.set(afterId, read);
    return read;
  }

  /** Says once that the registry is away: many streams would say it again and again. */
  private async ask(batchId: string, afterId: number): Promise<BatchEvent[] | undefined> {
    try {
      const events = await this.batches.events(batchId, afterId, EVENTS_PER_READ);
      if (this.isAway) this.logger.log('Events can be read again');
      this.isAway = false;
      return events;
    } catch (error) {
      if (!this.isAway) this.logger.warn({ err: error, batchId }, 'Events cannot be read; open streams wait');
      this.isAway = true;
      return undefined;
    }
  }

  private wake(batchId: string): void {
    // A read that began before the change may not see it: whoever is woken now must not share that one.
    this.reads.delete(batchId);
    for (const wake of this.followers.get(batchId) ?? []) wake();
  }
}
