import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { DEFAULT_FRAUD_RATE } from './distributions';
import { DEFAULT_POOL_SIZES } from './pools';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used; the message names the variable and says what it takes. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
}

const numeric = (expected: string, accept: (value: number) => boolean) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `must be ${expected}`)
    .transform(Number)
    .refine(accept, `must be ${expected}`);

/** A whole number written with digits only, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  numeric(
    `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && value >= min && value <= max,
  );

/** A share, 0 to 1. */
export const fraction = () => numeric('a number from 0 to 1', (value) => value <= 1);

/** A yes or a no. */
export const flag = () =>
  z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** `host:port`, or several with commas between them. */
export const bootstrapServers = () =>
  z
    .string()
    .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'must be host:port, or several with commas between them')
    .transform((servers) => servers.split(','));

/** A legal name of a Kafka topic. */
export const topicName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'must be a topic name: up to 249 letters, digits, ".", "_" and "-"');

const variables = z.object({
  KAFKA_BOOTSTRAP_SERVERS: bootstrapServers().prefault('localhost:9092'),
  KAFKA_TOPIC: topicName().prefault('transactions-stream'),
  EVENTS_PER_SECOND: numeric(
    'a number above 0, at most 1000000',
    (value) => value > 0 && value <= 1_000_000,
  ).prefault('10'),
  FRAUD_RATE: fraction().prefault(String(DEFAULT_FRAUD_RATE)),
  NUM_CUSTOMERS: wholeNumber(1, 10_000_000).prefault(String(DEFAULT_POOL_SIZES.customers)),
  NUM_PRODUCTS: wholeNumber(1, 1_000_000).prefault(String(DEFAULT_POOL_SIZES.products)),
  NUM_STORES: wholeNumber(1, 100_000).prefault(String(DEFAULT_POOL_SIZES.stores)),
  SEED: z.string().optional(),
  MAX_EVENTS: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  TIME_OF_DAY: flag().prefault('true'),
  BURST: flag().prefault('false'),
  KAFKA_COMPRESSION: z.enum(['none', 'gzip'], 'must be none or gzip').prefault('none'),
});

export interface GeneratorSettings {
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Mean rate over a day. */
  readonly eventsPerSecond: number;
  readonly fraudRate: number;
  readonly pools: { readonly customers: number; readonly products: number; readonly stores: number };
  readonly seed: string;
  /** Stop after so many; undefined: run until told to stop. */
  readonly maxEvents: number | undefined;
  /** Vary the rate with the hour of the day. */
  readonly followsTimeOfDay: boolean;
  /** Ignore the rate: as fast as the broker acknowledges. */
  readonly isBurst: boolean;
  readonly compression: 'none' | 'gzip';
}

/**
 * Reads variables by a zod object whose keys are their names. An empty value counts as absent.
 * @throws InvalidSettings naming each bad variable.
 */
export function readSettings<S extends z.ZodType>(schema: S, environment: Environment): z.infer<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${name} ${issue.message} (it is ${JSON.stringify(given[name])})`;
  });
  throw new InvalidSettings(problems.join('\n'));
}

/** @throws InvalidSettings naming each bad variable. */
export function readGeneratorSettings(environment: Environment): GeneratorSettings {
  const read = readSettings(variables, environment);
  return {
    brokers: read.KAFKA_BOOTSTRAP_SERVERS,
    topic: read.KAFKA_TOPIC,
    eventsPerSecond: read.EVENTS_PER_SECOND,
    fraudRate: read.FRAUD_RATE,
    pools: { customers: read.NUM_CUSTOMERS, products: read.NUM_PRODUCTS, stores: read.NUM_STORES },
    seed: read.SEED ?? randomUUID(),
    maxEvents: read.MAX_EVENTS,
    followsTimeOfDay: read.TIME_OF_DAY,
    isBurst: read.BURST,
    compression: read.KAFKA_COMPRESSION,
  };
}
