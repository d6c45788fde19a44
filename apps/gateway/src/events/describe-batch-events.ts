import type { BatchEvent, BatchEventDetail } from '@millrace/domain';
import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { batchIdParameter } from '../openapi/batch-routes';
import { Fails } from '../openapi/failures';
import { endFrame, eventFrame, OPENING_FRAME } from './event-frames';

const batchId = 'batch-20250115-a3f8e2b1';
const event = (id: number, time: string, detail: BatchEventDetail): BatchEvent => ({
  batchId,
  id,
  time: new Date(time),
  detail,
});
const state = { type: 'status', attempt: 1, errorMessage: null } as const;

const EXAMPLES = [
  event(1, '2025-01-15T10:30:00.123Z', { ...state, status: 'PENDING' }),
  event(2, '2025-01-15T10:30:00.161Z', { ...state, status: 'RUNNING' }),
  event(3, '2025-01-15T10:30:01.204Z', {
    type: 'progress',
    progress: { stage: 'raw', percent: 40, rows: 120_000 },
  }),
  event(4, '2025-01-15T10:30:02.456Z', { ...state, status: 'COMPLETED' }),
];

const stream = (frames: readonly string[]) =>
  ApiResponse({
    status: 200,
    description: 'The events; a comment every 15 s keeps the connection alive',
    content: {
      'text/event-stream': { schema: { type: 'string' }, example: [OPENING_FRAME, ...frames].join('') },
    },
  });

export function DescribeBatchEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'What happens to a batch, as it happens',
      description:
        'Server-sent events: all events so far, then each as it happens. `status` (a new state or attempt), ' +
        '`progress`, `cancel` (somebody asked for the end), `deleted` (the results are gone). When the batch has ' +
        'ended, the stream says `end` and closes; whoever connects again then gets 204. After a retry, connect again. ' +
        'Ids rise; of a batch that ended long ago `progress` is deleted, and its ids are missing.',
    }),
    batchIdParameter(),
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      description:
        'The last event that the client has: the stream goes on after it. Browsers send it themselves',
      schema: { type: 'integer', minimum: 0 },
    }),
    ApiQuery({
      name: 'lastEventId',
      required: false,
      description: 'The same, where a client cannot send the header, which wins',
      schema: { type: 'integer', minimum: 0 },
    }),
    stream([...EXAMPLES.map((it) => eventFrame(it, it.id)), endFrame(batchId, 'COMPLETED')]),
    ApiResponse({ status: 204, description: 'The batch has ended, and nothing happened after that event' }),
    Fails('INVALID_REQUEST', 'BATCH_NOT_FOUND', 'SERVICE_UNAVAILABLE'),
  );
}

export function DescribeAllEvents(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'What happens to all batches, as it happens',
      description:
        'Server-sent events as those of one batch, but without ids: from now on only, never replayed (a batch that was ' +
        'submitted before begins with its newest one), and some may be missing after the connection to the registry ' +
        'broke. Read the list after connecting. It does not end by itself.',
    }),
    stream(EXAMPLES.map((it) => eventFrame(it))),
    Fails('INVALID_REQUEST', 'SERVICE_UNAVAILABLE'),
  );
}
