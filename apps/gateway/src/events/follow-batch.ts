import { isTerminal } from '@millrace/domain';
import type { BatchEvent, BatchRecord, BatchStatus } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
// Injected by its class, so a type-only import would lose it.
import { BatchFeed, EVENTS_PER_READ } from './batch-feed';
import { endFrame, eventFrame } from './event-frames';
import type { EventSink } from './event-sink';
import { EVENT_TIMING } from './event-timing';
import type { EventTiming } from './event-timing';
import { waitForMore } from './heartbeat';
import { Wakeup } from './wakeup';

interface Newest {
  readonly id: number;
  readonly status: BatchStatus;
}

/** Writes the events of one batch in order, each once, until the batch has ended. */
@Injectable()
export class FollowBatch {
  constructor(
    private readonly feed: BatchFeed,
    @Inject(EVENT_TIMING) private readonly timing: EventTiming,
  ) {}

  /** @param afterId the last event that the client has. */
  async execute(record: BatchRecord, afterId: number, sink: EventSink): Promise<void> {
    const wakeup = new Wakeup();
    const ring = () => {
      wakeup.ring();
    };
    sink.onClosed(ring);
    const unfollow = this.feed.follow(record.batchId, ring);
    try {
      await this.pump(record, afterId, sink, wakeup);
    } finally {
      unfollow();
    }
  }

  private async pump(record: BatchRecord, afterId: number, sink: EventSink, wakeup: Wakeup): Promise<void> {
    let newest: Newest = { id: afterId, status: record.status };
    while (sink.isOpen) {
      const events = await this.feed.read(record.batchId, newest.id);
      // The registry is away otherwise: the stream stays open where it stands.
      if (events !== undefined) {
        newest = await writeAll(events, newest, sink);
        if (events.length === EVENTS_PER_READ) continue;
        // Only the newest state counts: an older attempt may have failed before a retry.
        if (isTerminal(newest.status)) {
          await sink.write(endFrame(record.batchId, newest.status));
          return;
        }
      }
      await waitForMore(sink, wakeup, this.timing.heartbeatMs);
    }
  }
}

async function writeAll(events: readonly BatchEvent[], before: Newest, sink: EventSink): Promise<Newest> {
  let newest = before;
  for (const event of events) {
    if (!(await sink.write(eventFrame(event, event.id)))) break;
    const { id, detail } = event;
    newest = { id, status: detail.type === 'status' ? detail.status : newest.status };
  }
  return newest;
}
