import { randomUUID } from 'node:crypto';
import type { KafkaSecurity } from '@millrace/domain';
import { z } from 'zod';
import { DEFAULT_FRAUD_RATE } from './distributions';
import { MAX_FAULT_SHARE } from './faults';
import type { FaultRates } from './faults';
import { helpText } from './help';
import { optionsOf, withOptions } from './options';
import { DEFAULT_POOL_SIZES } from './pools';
import type { PoolSizes } from './pools';
import {
  InvalidSettings,
  bootstrapServers,
  flag,
  kafkaSecurity,
  fraction,
  numeric,
  readSettings,
  topicName,
  wholeNumber,
} from './settings';
import type { Environment } from './settings';

const DEFAULT_EVENTS_PER_SECOND = 10;

const FAULT_VARIABLES = ['MALFORMED_RATE', 'DUPLICATE_RATE', 'LATE_RATE'] as const;

const variables = z.object({
  KAFKA_BOOTSTRAP_SERVERS: bootstrapServers().prefault('localhost:9092'),
  KAFKA_TOPIC: topicName().prefault('transactions-stream'),
  EVENTS_PER_SECOND: numeric(
    'a number above 0, at most 1000000',
    (value) => value > 0 && value <= 1_000_000,
  ).optional(),
  FRAUD_RATE: fraction().prefault(String(DEFAULT_FRAUD_RATE)),
  NUM_CUSTOMERS: wholeNumber(1, 10_000_000).prefault(String(DEFAULT_POOL_SIZES.customers)),
  NUM_PRODUCTS: wholeNumber(1, 1_000_000).prefault(String(DEFAULT_POOL_SIZES.products)),
  NUM_STORES: wholeNumber(1, 100_000).prefault(String(DEFAULT_POOL_SIZES.stores)),
  MALFORMED_RATE: fraction().prefault('0'),
  DUPLICATE_RATE: fraction().prefault('0'),
  LATE_RATE: fraction().prefault('0'),
  SEED: z.string().optional(),
  MAX_EVENTS: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  START_TIME: z.iso.datetime('must be a time in UTC like 2025-01-31T08:00:00Z').optional(),
  TIME_OF_DAY: flag().optional(),
  BURST: flag().optional(),
  KAFKA_COMPRESSION: z.enum(['none', 'gzip'], 'must be none or gzip').prefault('none'),
  GENERATOR_MANIFEST: z.string().optional(),
  JSON_SUMMARY: flag().prefault('false'),
});

/** Options that are not called like their variables. */
const FLAGS = { '--burst': 'BURST', '--json': 'JSON_SUMMARY' };
const SHORT_NAMES = {
  '--count': 'MAX_EVENTS',
  '--manifest': 'GENERATOR_MANIFEST',
};

const OPTIONS = optionsOf(Object.keys(variables.shape), FLAGS, SHORT_NAMES);

/** What `--help` prints. */
export const GENERATOR_HELP = helpText(
  `Usage: node tools/generator/dist/main.js [options]

Makes retail transactions and sends them to Kafka: at a rate until it is stopped (Ctrl-C), or so many at once.`,
  OPTIONS,
  {
    KAFKA_BOOTSTRAP_SERVERS: 'host:port, several with commas (localhost:9092)',
    KAFKA_TOPIC: 'made if it is missing (transactions-stream)',
    EVENTS_PER_SECOND: `mean of a day (${DEFAULT_EVENTS_PER_SECOND})`,
    FRAUD_RATE: `share, 0 to 1 (${DEFAULT_FRAUD_RATE})`,
    NUM_CUSTOMERS: `size of the pool (${DEFAULT_POOL_SIZES.customers})`,
    NUM_PRODUCTS: `size of the pool (${DEFAULT_POOL_SIZES.products})`,
    NUM_STORES: `size of the pool (${DEFAULT_POOL_SIZES.stores})`,
    MALFORMED_RATE: 'share of values that break the contract (0)',
    DUPLICATE_RATE: 'share of events that are sent again (0)',
    LATE_RATE: 'share of events that happened 11 minutes to 3 days ago (0)',
    SEED: 'any text: the same one makes the same events (random)',
    MAX_EVENTS: 'stop after so many; without a rate, as fast as Kafka takes them',
    START_TIME: 'with --count: when the first event happened, like 2025-01-31T08:00:00Z',
    TIME_OF_DAY: 'true or false: the rate follows the hour (true; not with --count)',
    KAFKA_COMPRESSION: 'none or gzip (none)',
    GENERATOR_MANIFEST: 'file for the account of what was sent',
    BURST: 'as fast as Kafka takes them, whatever the rate',
    JSON_SUMMARY: 'the account as one JSON document on stdout',
  } satisfies Record<keyof typeof variables.shape, string>,
);

export interface GeneratorSettings {
  readonly brokers: readonly string[];
  readonly security: KafkaSecurity;
  readonly topic: string;
  /** Mean rate over a day. */
  readonly eventsPerSecond: number;
  readonly fraudRate: number;
  readonly pools: PoolSizes;
  readonly faults: FaultRates;
  readonly seed: string;
  /** Stop after so many; undefined: run until told to stop. */
  readonly maxEvents: number | undefined;
  /** When the first event happened, the others following at the rate; undefined: events happen when they are made. */
  readonly startTime: Date | undefined;
  /** Vary the rate with the hour of the day. */
  readonly followsTimeOfDay: boolean;
  /** Ignore the rate: as fast as the broker acknowledges. */
  readonly isBurst: boolean;
  readonly compression: 'none' | 'gzip';
  /** File for the account of what was produced, and how the user has called the setting. */
  readonly manifest: { readonly path: string; readonly calledAs: string } | undefined;
  /** The summary as one JSON document. */
  readonly printsJson: boolean;
}

/**
 * Settings of the environment and, before them, those of the command line.
 * @throws InvalidSettings naming each bad one.
 */
export function readGeneratorSettings(
  environment: Environment,
  cliArguments: readonly string[] = [],
  now: Date = new Date(),
): GeneratorSettings {
  const given = withOptions(environment, cliArguments, OPTIONS);
  const read = readSettings(variables, given.environment, given.calledAs);
  const nameOf = (variable: keyof typeof read) => given.calledAs.get(variable) ?? variable;
  const settings: GeneratorSettings = {
    brokers: read.KAFKA_BOOTSTRAP_SERVERS,
    security: kafkaSecurity(environment),
    topic: read.KAFKA_TOPIC,
    fraudRate: read.FRAUD_RATE,
    pools: { customers: read.NUM_CUSTOMERS, products: read.NUM_PRODUCTS, stores: read.NUM_STORES },
    faults: { malformed: read.MALFORMED_RATE, duplicate: read.DUPLICATE_RATE, late: read.LATE_RATE },
    seed: read.SEED ?? randomUUID(),
    ...courseOf(read),
    compression: read.KAFKA_COMPRESSION,
    manifest:
      read.GENERATOR_MANIFEST === undefined
        ? undefined
        : { path: read.GENERATOR_MANIFEST, calledAs: nameOf('GENERATOR_MANIFEST') },
    printsJson: read.JSON_SUMMARY,
  };
  refuseTooManyFaults(settings.faults, FAULT_VARIABLES.map(nameOf));
  refuseFuture(settings, now, nameOf('START_TIME'));
  return settings;
}

type Course = Pick<
  GeneratorSettings,
  'eventsPerSecond' | 'maxEvents' | 'startTime' | 'followsTimeOfDay' | 'isBurst'
>;

/** When the events happen and how fast they are sent. */
function courseOf(read: z.infer<typeof variables>): Course {
  const { MAX_EVENTS: maxEvents, EVENTS_PER_SECOND: rate, START_TIME: startTime } = read;
  // A number of events without a rate is wanted at once, and so is the past.
  const isAtOnce = (maxEvents !== undefined && rate === undefined) || startTime !== undefined;
  const isBurst = read.BURST ?? isAtOnce;
  const eventsPerSecond = rate ?? DEFAULT_EVENTS_PER_SECOND;
  return {
    eventsPerSecond,
    maxEvents,
    startTime: startTime === undefined ? undefined : new Date(startTime),
    followsTimeOfDay: read.TIME_OF_DAY ?? maxEvents === undefined,
    isBurst,
  };
}

function refuseTooManyFaults({ malformed, duplicate, late }: FaultRates, names: readonly string[]): void {
  const sum = malformed + duplicate + late;
  if (sum <= MAX_FAULT_SHARE) return;
  throw new InvalidSettings(
    `${names.join(', ')} must add up to at most ${MAX_FAULT_SHARE} (they add up to ${Number(sum.toFixed(6))})`,
  );
}

/** No event happens in the future, so a past without an end cannot be made. */
function refuseFuture(
  { startTime, maxEvents, eventsPerSecond }: GeneratorSettings,
  now: Date,
  name: string,
): void {
  if (startTime === undefined) return;
  if (maxEvents === undefined) throw new InvalidSettings(`${name} needs a number of events (--count)`);
  const lastMs = startTime.getTime() + ((maxEvents - 1) * 1000) / eventsPerSecond;
  if (lastMs <= now.getTime()) return;
  throw new InvalidSettings(
    `${name} must be so early that no event happens in the future: ${maxEvents} events at ${eventsPerSecond}/s ` +
      `take ${Math.ceil(maxEvents / eventsPerSecond)} s (it is "${startTime.toISOString()}")`,
  );
}
