import type { Provider } from '@nestjs/common';
import { BatchEventsController } from './batch-events.controller';
import { BatchFeed } from './batch-feed';
import { DEFAULT_EVENT_TIMING, EVENT_TIMING } from './event-timing';
import { EventStreams } from './event-streams';
import { FollowBatch } from './follow-batch';
import { WatchBatches } from './watch-batches';

/** What the module of the app takes over. */
export const eventControllers = [BatchEventsController];
export const eventProviders: Provider[] = [
  { provide: EVENT_TIMING, useValue: DEFAULT_EVENT_TIMING },
  BatchFeed,
  EventStreams,
  FollowBatch,
  WatchBatches,
];
