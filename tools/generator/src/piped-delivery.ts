import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { NO_KAFKA_SECURITY, sparkKafkaSecurity } from '@millrace/domain';
import type { Message } from 'kafkajs';
import { kafkaOf, unlessAborted } from './delivery';
import type { Delivery, DeliveryOptions } from './delivery';
import { frameOf, framesOf } from './frames';
import { KafkaUnavailable } from './kafka-failure';
import { ensureTopic } from './topic';

const JARS = resolve(__dirname, '..', '..', '..', 'infra', 'kafka', 'target', 'jars');
const PRODUCER = 'io.millrace.kafka.PipedProducer';

const MAX_EVENTS_PER_SEND = 10_000;
const LOOK_EVERY_MS = 1_000;
const SAY_AWAY_AFTER_MS = 10_000;

/** Resolves once so many events are acknowledged. */
interface Waiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Sends through Kafka's own producer, in a Java process: several times as fast as kafkajs, once it has started. It is idempotent and waits
 * for as long as Kafka is away.
 */
export class PipedDelivery implements Delivery {
  readonly maxEventsPerSend = MAX_EVENTS_PER_SEND;
  private readonly waiters = new Set<Waiter>();
  private readonly ended: Promise<number | null>;
  private handedOver = 0;
  private acknowledged = 0;
  private movedMs = Date.now();
  private failure: KafkaUnavailable | undefined;
  private hasStood = false;
  private refusal: string | undefined;
  private lastWords = 'it said nothing';

  private constructor(
    private readonly producer: ChildProcessWithoutNullStreams,
    private readonly options: DeliveryOptions,
  ) {
    createInterface({ input: producer.stdout }).on('line', (line) => {
      this.heed(line);
    });
    // What is written to a process that has ended is told by its end.
    producer.stdin.on('error', () => undefined);
    createInterface({ input: producer.stderr }).on('line', (line) => {
      this.lastWords = line;
    });
    this.ended = new Promise((settle) => {
      producer.on('error', (error) => {
        this.lastWords = error.message;
        settle(1);
      });
      producer.on('close', settle);
    });
    void this.ended.then((code) => {
      if (code !== 0) this.fail(new KafkaUnavailable(this.failureText()));
    });
  }

  /** Whether this machine has what it takes. */
  static get isAtHand(): boolean {
    const hasProducer =
      existsSync(JARS) && readdirSync(JARS).some((jar) => jar.startsWith('millrace-kafka-'));
    return hasProducer && spawnSync(java(), ['-version']).status === 0;
  }

  /** Makes the topic if it is missing. @throws KafkaUnavailable */
  static async open(options: DeliveryOptions): Promise<PipedDelivery> {
    await ensureTopic(kafkaOf(options), options);
    return PipedDelivery.start(options);
  }

  /** For a topic that is there. */
  static start(options: DeliveryOptions): PipedDelivery {
    const args = ['-Xmx256m', '-XX:+UseSerialGC', '-cp', join(JARS, '*'), PRODUCER, options.topic];
    // Not in the group that a Ctrl-C of the terminal ends: what was made is sent first.
    const delivery = new PipedDelivery(spawn(java(), args, { detached: true }), options);
    delivery.producer.stdin.write(frameOf(configurationOf(options)));
    return delivery;
  }

  /** True once Kafka was away: what it took and did not acknowledge may have been sent again under a new producer id. */
  get mayHaveDoubled(): boolean {
    return this.hasStood;
  }

  /** Waits for as long as Kafka is away. @throws KafkaUnavailable where waiting cannot help, or after `giveUp`. */
  async send(messages: Message[], giveUp?: AbortSignal): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.handedOver += messages.length;
    const acknowledged = this.untilAcknowledged(this.handedOver);
    if (this.waiters.size === 1) this.movedMs = Date.now();
    this.producer.stdin.write(framesOf(messages));
    const looks = setInterval(this.lookOut(), LOOK_EVERY_MS);
    try {
      await (giveUp === undefined ? acknowledged : unlessAborted(acknowledged, giveUp));
    } catch (error) {
      this.producer.kill('SIGKILL');
      throw error instanceof KafkaUnavailable ? error : this.notInTime(messages.length);
    } finally {
      clearInterval(looks);
    }
  }

  async close(): Promise<void> {
    this.producer.stdin.end();
    await this.ended;
  }

  /** Of the Java process; undefined if there is none. */
  get pid(): number | undefined {
    return this.producer.pid;
  }

  private get where(): string {
    return `Kafka at ${this.options.brokers.join(',')}`;
  }

  private failureText(): string {
    return this.refusal === undefined
      ? `The process that sends the events to ${this.where} ended: ${this.lastWords}`
      : `${this.where} refused the events: ${this.refusal}`;
  }

  private notInTime(count: number): KafkaUnavailable {
    return new KafkaUnavailable(
      `Kafka did not acknowledge the last ${count} events in time; they may be stored or not`,
    );
  }

  private untilAcknowledged(upTo: number): Promise<void> {
    return new Promise((settle, reject) => {
      this.waiters.add({ upTo, resolve: settle, reject });
    });
  }

  private heed(line: string): void {
    const [word, ...rest] = line.split(' ');
    if (word === 'failed') this.refusal = rest.join(' ');
    if (word !== 'acknowledged') return;
    this.acknowledged = Number(rest[0]);
    this.movedMs = Date.now();
    for (const waiter of this.waiters) {
      if (waiter.upTo > this.acknowledged) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
  }

  private fail(failure: KafkaUnavailable): void {
    this.failure = failure;
    for (const waiter of this.waiters) waiter.reject(failure);
    this.waiters.clear();
  }

  /** Says, now and then, that nothing is acknowledged. */
  private lookOut(): () => void {
    let saidMs = 0;
    return () => {
      const sinceMs = Date.now() - Math.max(this.movedMs, saidMs);
      if (sinceMs < SAY_AWAY_AFTER_MS) return;
      saidMs = Date.now();
      this.hasStood = true;
      this.options.say(`${this.where} does not take events; trying again, nothing is lost`);
    };
  }
}

function java(): string {
  const home = process.env['JAVA_HOME'];
  return home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
}

/** As a properties file has it. */
function configurationOf({ brokers, security, compression }: DeliveryOptions): string {
  const settings: Record<string, string> = {
    'bootstrap.servers': brokers.join(','),
    'client.id': 'millrace-generator',
    acks: 'all',
    'enable.idempotence': 'true',
    'compression.type': compression,
    'linger.ms': '5',
    'batch.size': String(256 * 1024),
    'buffer.memory': String(64 * 1024 * 1024),
    // For as long as it takes.
    'delivery.timeout.ms': String(2 ** 31 - 1),
    'max.block.ms': String(2 ** 31 - 1),
  };
  for (const [name, value] of Object.entries(sparkKafkaSecurity(security ?? NO_KAFKA_SECURITY))) {
    settings[name.replace(/^kafka\./, '')] = value;
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escaped(value)}`)
    .join('\n');
}

/** A value in a properties file: one line, and no space at its beginning is lost. */
const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replace(/^ /, '\\ ');
