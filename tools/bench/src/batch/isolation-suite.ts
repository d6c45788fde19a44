import { setTimeout as delay } from 'node:timers/promises';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { EventSource } from './event-source';
import { Gateway } from './gateway';
import { ALL_TIME } from './history';
import { withSeededStack } from './seeded-stack';

const RATE_GOAL = { atLeast: 0.95, unit: 'x' };
const TOPIC = 'transactions-stream';
const EVENTS_PER_SECOND = 500;
const LOOK_EVERY_MS = 250;

/** What three batches at once do to the stream. */
export const isolationSuite: Suite = {
  summary: 'the rate of the stream beside three batches against its rate alone',
  run: (context) =>
    withSeededStack(context, context.isQuick ? 5_000 : 1_000_000, (stack) => compare(context, stack)),
};

async function compare({ output, isQuick }: BenchContext, stack: MeasuredStack): Promise<void> {
  const windowSeconds = isQuick ? 8 : 60;
  const source = new EventSource(stack.endpoints.kafka, TOPIC);
  try {
    const gateway = new Gateway(stack.endpoints.gateway);
    await gateway.startStream(TOPIC);
    await source.start(EVENTS_PER_SECOND);
    output.progress('the stream warms up');
    await delay(isQuick ? 5_000 : 30_000);
    output.progress('the stream alone');
    const alone = await measure(gateway, source, delay(windowSeconds * 1_000));
    output.progress('the stream beside three batches');
    const beside = await measure(gateway, source, threeBatches(gateway, windowSeconds));
    print({ output, isQuick }, alone, beside);
  } finally {
    await source.stop();
  }
}

interface Window {
  /** Events stored per second, and sent per second in the same time. */
  readonly storedRate: number;
  readonly sentRate: number;
  /** Most events that were sent and not stored yet. */
  readonly mostBehind: number;
  readonly batches: number;
}

/** Watches the stream while something lasts. */
async function measure(gateway: Gateway, source: EventSource, lasts: Promise<unknown>): Promise<Window> {
  const over = new AbortController();
  const ended = lasts.finally(() => {
    over.abort();
  });
  // Its failure is this function's, when the loop has ended.
  ended.catch(() => undefined);
  const [startedAt, stored, sent] = [performance.now(), await gateway.streamedEvents(), source.sent];
  let mostBehind = 0;
  let last = stored;
  while (!over.signal.aborted) {
    await delay(LOOK_EVERY_MS);
    last = await gateway.streamedEvents();
    mostBehind = Math.max(mostBehind, source.sent - last);
  }
  const batches = await ended;
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    storedRate: (last - stored) / seconds,
    sentRate: (source.sent - sent) / seconds,
    mostBehind,
    batches: typeof batches === 'number' ? batches : 0,
  };
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

function print({ output }: BenchContext, alone: Window, beside: Window): void {
  output.section(`${EVENTS_PER_SECOND} events/s into the stream`);
  output.row('', ['stored/s', 'sent/s', 'most behind', 'batches']);
  output.row('alone', figures(alone));
  output.row('beside three batches at a time', figures(beside));
  const ratio = beside.storedRate / beside.sentRate / (alone.storedRate / alone.sentRate);
  output.goal('rate beside batches / rate alone', ratio, RATE_GOAL, 3);
}

function figures({ storedRate, sentRate, mostBehind, batches }: Window): string[] {
  return [storedRate.toFixed(0), sentRate.toFixed(0), String(mostBehind), String(batches)];
}
