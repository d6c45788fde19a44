import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from 'kafkajs';
import type { GeneratorSettings } from './config';
import type { KafkaDelivery } from './delivery';
import { Pace } from './pace';
import { makePools } from './pools';
import { Random } from './random';
import { makeTransaction, transactionMix } from './transaction';

/** Makes the Kafka messages of the events that happen at `time`. */
export type MessageMaker = (count: number, time: Date) => Message[];

/** The messages of a seed, in their order. */
export function messageMaker(
  settings: Pick<GeneratorSettings, 'pools' | 'fraudRate' | 'seed'>,
): MessageMaker {
  const pools = makePools(settings.pools);
  const mix = transactionMix(pools, settings.fraudRate);
  const random = Random.of('stream', settings.seed);
  return (count, time) =>
    Array.from({ length: count }, () => {
      const event = makeTransaction(random, pools, time, mix);
      return { key: event.transaction_id, value: JSON.stringify(event), timestamp: String(time.getTime()) };
    });
}

/**
 * Produces events until `stop`, or until `maxEvents` are made, and returns once all that were made are acknowledged. While a
 * batch waits for Kafka at most one more is made.
 * @param giveUp ends the waiting for the last acknowledgements.
 */
export async function generate(
  settings: GeneratorSettings,
  delivery: Pick<KafkaDelivery, 'send' | 'maxEventsPerSend'>,
  stop: AbortSignal,
  giveUp?: AbortSignal,
): Promise<void> {
  const make = messageMaker(settings);
  const pace = new Pace(settings.eventsPerSecond, settings.followsTimeOfDay, new Date());
  let left = settings.maxEvents ?? Number.POSITIVE_INFINITY;
  let inFlight = Promise.resolve();
  while (left > 0 && !stop.aborted) {
    const now = new Date();
    const due = settings.isBurst ? delivery.maxEventsPerSend : pace.due(now);
    if (due === 0) {
      await pause(pace.waitMs(now), undefined, { signal: stop }).catch(() => undefined);
      continue;
    }
    const messages = make(Math.min(due, delivery.maxEventsPerSend, left), now);
    left -= messages.length;
    await inFlight;
    inFlight = delivery.send(messages, giveUp);
    // Awaited one round later: until then a failure must not count as unhandled.
    inFlight.catch(() => undefined);
  }
  await inFlight;
}
