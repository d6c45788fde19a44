import { setTimeout as delay } from 'node:timers/promises';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { EventSource } from './event-source';
import { Gateway } from './gateway';
import { ALL_TIME } from './history';
import { withSeededStack } from './seeded-stack';
import { watchStream } from './stream-window';
import type { StreamLook, StreamWindow } from './stream-window';

const RATE_GOAL = { atLeast: 0.95, unit: 'x' };
const TOPIC = 'transactions-stream';
const EVENTS_PER_SECOND = 500;
const LONGEST = '   longest micro-batch, s';

/** What three batches at once do to the stream. */
export const isolationSuite: Suite = {
  summary: 'the rate of the stream beside three batches against its rate alone',
  run: (context) =>
    withSeededStack(context, context.isQuick ? 5_000 : 1_000_000, (stack) => compare(context, stack)),
};

async function compare({ output, isQuick }: BenchContext, stack: MeasuredStack): Promise<void> {
  const [aloneSeconds, besideSeconds] = isQuick ? [8, 8] : [60, 180];
  const source = new EventSource(stack.endpoints.kafka, TOPIC);
  try {
    const gateway = new Gateway(stack.endpoints.gateway);
    const look = () => lookAt(gateway, source);
    await gateway.startStream(TOPIC);
    await source.start(EVENTS_PER_SECOND);
    output.progress('the stream warms up');
    await delay(isQuick ? 5_000 : 30_000);
    output.progress('the stream alone');
    const alone = await watchStream(look, delay(aloneSeconds * 1_000, 0));
    output.progress('the stream beside three batches');
    const beside = await watchStream(look, threeBatches(gateway, besideSeconds));
    print({ output, isQuick }, alone, beside);
  } finally {
    await source.stop();
  }
}

async function lookAt(gateway: Gateway, source: EventSource): Promise<StreamLook> {
  const stored = await gateway.streamedEvents();
  return { atMs: performance.now(), stored, sent: source.sent };
}

/** Three at a time, again and again until the time is over; all of them must complete. */
async function threeBatches(gateway: Gateway, seconds: number): Promise<number> {
  const endsAt = performance.now() + seconds * 1_000;
  const counts = await Promise.all(
    ['revenue_by_category', 'customer_segmentation', 'hourly_trends'].map(async (analysisType) => {
      let count = 0;
      while (performance.now() < endsAt) {
        await gateway.run({ ...ALL_TIME, analysisType });
        count += 1;
      }
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

function print({ output }: BenchContext, alone: StreamWindow, beside: StreamWindow): void {
  output.section(`${EVENTS_PER_SECOND} events/s into the stream`);
  output.row('', ['stored/s', 'sent/s', 'most behind', 'batches', LONGEST]);
  output.row('alone', figures(alone));
  output.row('beside three batches at a time', figures(beside));
  const ratio = beside.storedRate / beside.sentRate / (alone.storedRate / alone.sentRate);
  output.goal('rate beside batches / rate alone', ratio, RATE_GOAL, 3);
}

function figures(window: StreamWindow): string[] {
  return [
    window.storedRate.toFixed(0),
    window.sentRate.toFixed(0),
    String(window.mostBehind),
    String(window.batches),
    (window.longestMicroBatchMs / 1_000).toFixed(1).padStart(LONGEST.length),
  ];
}
