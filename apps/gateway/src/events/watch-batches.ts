import type { BatchEvent, BatchRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import { BATCH_REGISTRY } from '../ports';
// Injected by its class, so a type-only import would lose it.
import { BatchFeed, EVENTS_PER_READ } from './batch-feed';
import { eventFrame } from './event-frames';
import type { EventSink } from './event-sink';
import { EVENT_TIMING } from './event-timing';
import type { EventTiming } from './event-timing';
import { waitForMore } from './heartbeat';
import { Wakeup } from './wakeup';

interface Watcher {
  readonly sink: EventSink;
  readonly frames: string[];
  readonly wakeup: Wakeup;
}

/** A watcher for whom more than these wait does not read, and is cut off. */
const MOST_FRAMES = 1_000;
/** Of so many batches the last event is remembered. */
const MOST_BATCHES = 10_000;

/** Writes the events of all batches from now on, read once for all who watch. */
@Injectable()
export class WatchBatches {
  private readonly watchers = new Set<Watcher>();
  private readonly lastIds = new Map<string, number>();
  private readonly reading = new Set<string>();
  private readonly changed = new Set<string>();
  private unwatch: (() => void) | undefined;
  private since = new Date();

  constructor(
    private readonly feed: BatchFeed,
    @Inject(BATCH_REGISTRY) private readonly batches: Pick<BatchRegistry, 'find'>,
    @Inject(EVENT_TIMING) private readonly timing: EventTiming,
  ) {}

  async execute(sink: EventSink): Promise<void> {
    const watcher = { sink, frames: [], wakeup: new Wakeup() };
    sink.onClosed(() => {
      watcher.wakeup.ring();
    });
    this.add(watcher);
    try {
      await this.pump(watcher);
    } finally {
      this.remove(watcher);
    }
  }

  private async pump({ sink, frames, wakeup }: Watcher): Promise<void> {
    while (sink.isOpen) {
      const frame = frames.shift();
      if (frame === undefined) await waitForMore(sink, wakeup, this.timing.heartbeatMs);
      else await sink.write(frame);
    }
  }

  private add(watcher: Watcher): void {
    if (this.watchers.size === 0) {
      this.since = new Date();
      this.unwatch = this.feed.watch((batchId) => void this.readChanges(batchId));
    }
    this.watchers.add(watcher);
  }

  private remove(watcher: Watcher): void {
    this.watchers.delete(watcher);
    if (this.watchers.size > 0) return;
    this.unwatch?.();
    this.lastIds.clear();
  }

  /** One read of a batch at a time, so that its events keep their order. */
  private async readChanges(batchId: string): Promise<void> {
    this.changed.add(batchId);
    if (this.reading.has(batchId)) return;
    this.reading.add(batchId);
    try {
      while (this.changed.delete(batchId)) {
        for (const event of await this.newEvents(batchId)) this.tell(event);
      }
    } catch {
      // The registry is away, which the feed says; what happened meanwhile is not replayed here.
    } finally {
      this.reading.delete(batchId);
    }
  }

  private async newEvents(batchId: string): Promise<readonly BatchEvent[]> {
    const lastId = this.lastIds.get(batchId) ?? (await this.firstId(batchId));
    const events = (await this.feed.read(batchId, lastId)) ?? [];
    this.remember(batchId, events.at(-1)?.id ?? lastId);
    if (events.length === EVENTS_PER_READ) this.changed.add(batchId);
    return events;
  }

  /** A batch that was submitted since begins with its first event, an older one with its newest. */
  private async firstId(batchId: string): Promise<number> {
    const record = await this.batches.find(batchId);
    // This process gave the time of submission: no other clock is asked.
    if (record === undefined || record.submitTime >= this.since) return 0;
    return Math.max(0, record.lastEventId - 1);
  }

  private remember(batchId: string, id: number): void {
    this.lastIds.set(batchId, id);
    const [oldest] = this.lastIds.keys();
    if (this.lastIds.size > MOST_BATCHES && oldest !== undefined) this.lastIds.delete(oldest);
  }

  private tell(event: BatchEvent): void {
    const frame = eventFrame(event);
    for (const { sink, frames, wakeup } of this.watchers) {
      if (frames.length < MOST_FRAMES) frames.push(frame);
      else sink.cutOff();
      wakeup.ring();
    }
  }
}
