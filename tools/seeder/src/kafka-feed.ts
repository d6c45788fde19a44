import { KafkaDelivery, partitionOf } from '@millrace/generator';
import type { Progress } from '@millrace/generator';
import type { SeederSettings } from './config';
import { Stopped } from './failure';
import { makeHistory } from './history';
import type { HistorySettings } from './config';
import type { StoredTransaction } from './history';

/** The event as its source produced it. Dated by now: dated by the event, Kafka would delete old history at once. */
export function toMessage(row: StoredTransaction): { key: string; value: string } {
  // JSON has no undefined: the column that only the table has goes.
  const event = { ...row, processing_timestamp: null, event_date: undefined };
  return { key: row.transaction_id, value: JSON.stringify(event) };
}

/**
 * Produces the history to a topic, once: rows go to their partitions in order, so the records of an earlier run that was
 * killed are the first ones of each partition, and this run goes on behind them.
 */
export class KafkaFeed {
  private constructor(
    private readonly delivery: KafkaDelivery,
    /** Rows of each partition that are in the topic already. */
    private readonly skipped: number[],
    private readonly signal: AbortSignal,
  ) {}

  /** Undefined where no topic is to be fed, or the topic holds all of it or something else. @throws KafkaUnavailable */
  static async open(
    { kafka, history }: SeederSettings,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<KafkaFeed | undefined> {
    if (kafka === undefined) return undefined;
    const { topic } = kafka;
    const say = (line: string): void => {
      progress.say(line);
    };
    const delivery = await KafkaDelivery.open({ ...kafka, compression: 'gzip', say, stop: signal });
    const { records, ends } = delivery.before;
    const isBegun = records > 0 && (await isBegunBy(delivery, history, progress, signal));
    if (records === 0 || isBegun) {
      if (isBegun) say(`topic ${topic} holds the first ${records} rows of this history; the others follow`);
      // A topic that was emptied begins at later offsets, and has nothing to skip.
      return new KafkaFeed(delivery, records === 0 ? ends.map(() => 0) : [...ends], signal);
    }
    say(`topic ${topic} holds ${records} records already and is left as it is`);
    await delivery.close();
    return undefined;
  }

  get maxRows(): number {
    return this.delivery.maxEventsPerSend;
  }

  /** Rows that Kafka has acknowledged to this run. */
  get produced(): number {
    return this.delivery.acknowledged;
  }

  async send(rows: readonly StoredTransaction[]): Promise<void> {
    const messages = rows.filter((row) => !this.isThere(row)).map(toMessage);
    if (messages.length > 0) await this.delivery.send(messages, this.signal);
  }

  close(): Promise<void> {
    return this.delivery.close();
  }

  private isThere(row: StoredTransaction): boolean {
    const partition = partitionOf(row.transaction_id, this.skipped.length);
    const left = this.skipped[partition] ?? 0;
    if (left > 0) this.skipped[partition] = left - 1;
    return left > 0;
  }
}

/** Whether all that the topic holds, and ever held, is a part of the history: in each partition its first rows. */
async function isBegunBy(
  delivery: KafkaDelivery,
  history: HistorySettings,
  progress: Progress,
  signal: AbortSignal,
): Promise<boolean> {
  const { records, ends } = delivery.before;
  const isWhole = ends.reduce((sum, end) => sum + end, 0) === records;
  if (!isWhole || records >= history.totalRecords) return false;
  const newest = await delivery.newestKeysBefore();
  const counts = ends.map(() => 0);
  let unequal = newest.size;
  let compared = 0;
  for (const { transaction_id: key } of makeHistory(history)) {
    const partition = partitionOf(key, ends.length);
    const place = (counts[partition] = (counts[partition] ?? 0) + 1);
    if (place === ends[partition] && newest.get(partition) === key) unequal--;
    if (unequal === 0) return true;
    if (++compared % 5000 === 0) {
      if (signal.aborted) throw new Stopped('Stopped before the rows were written; the table is unchanged.');
      progress.report('rows compared with the topic', compared, history.totalRecords);
    }
  }
  return false;
}
