import { randomUUID } from 'node:crypto';
import { Random, makePools, makeTransaction, transactionMix } from '@millrace/generator';
import { Kafka, logLevel } from 'kafkajs';
import type { Producer } from 'kafkajs';

const SENDS_PER_SECOND = 10;

/** Sends transactions at an even rate, whatever else goes on. */
export class EventSource {
  private readonly producer: Producer;
  private timer: NodeJS.Timeout | undefined;
  private lastSend: Promise<unknown> = Promise.resolve();
  private count = 0;

  constructor(
    broker: string,
    private readonly topic: string,
  ) {
    const kafka = new Kafka({ brokers: [broker], clientId: 'millrace-bench', logLevel: logLevel.NOTHING });
    this.producer = kafka.producer();
  }

  /** Events that the broker has confirmed. */
  get sent(): number {
    return this.count;
  }

  async start(eventsPerSecond: number): Promise<void> {
    await this.producer.connect();
    const random = Random.of('bench', 1);
    const pools = makePools();
    const mix = transactionMix(pools);
    const perSend = eventsPerSecond / SENDS_PER_SECOND;
    this.timer = setInterval(() => {
      const messages = Array.from({ length: perSend }, () => {
        const event = { ...makeTransaction(random, pools, new Date(), mix), transaction_id: randomUUID() };
        return { key: event.transaction_id, value: JSON.stringify(event) };
      });
      this.lastSend = this.producer.send({ topic: this.topic, messages }).then(() => {
        this.count += messages.length;
      });
    }, 1_000 / SENDS_PER_SECOND);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.lastSend;
    await this.producer.disconnect();
  }
}
