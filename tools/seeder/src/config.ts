import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tablePaths } from '@millrace/domain';
import type { KafkaSecurity } from '@millrace/domain';
import {
  DEFAULT_FRAUD_RATE,
  DEFAULT_POOL_SIZES,
  InvalidSettings,
  bootstrapServers,
  flag,
  fraction,
  helpText,
  kafkaSecurity,
  optionsOf,
  readSettings,
  topicName,
  wholeNumber,
  withOptions,
} from '@millrace/generator';
import type { Environment, PoolSizes } from '@millrace/generator';
import { z } from 'zod';

const DAY_MS = 86_400_000;

const variables = z.object({
  TOTAL_RECORDS: wholeNumber(1, 1_000_000_000).prefault('1000000'),
  DATE_RANGE_DAYS: wholeNumber(1, 3650).prefault('90'),
  SEED: z.string().prefault('42'),
  SEED_END_DATE: z.iso.date('must be a date like 2025-01-31').optional(),
  FRAUD_RATE: fraction().prefault(String(DEFAULT_FRAUD_RATE)),
  NUM_CUSTOMERS: wholeNumber(1, 10_000_000).prefault(String(DEFAULT_POOL_SIZES.customers)),
  NUM_PRODUCTS: wholeNumber(1, 1_000_000).prefault(String(DEFAULT_POOL_SIZES.products)),
  NUM_STORES: wholeNumber(1, 100_000).prefault(String(DEFAULT_POOL_SIZES.stores)),
  DELTA_BASE_PATH: z.string().prefault('data/delta'),
  DELTA_OUTPUT_PATH: z.string().optional(),
  SEED_SEPARATE: flag().prefault('false'),
  SPARK_REMOTE: z
    .string()
    .regex(/^sc:\/\/\S+$/, 'must be the address of a Spark Connect server, like sc://localhost:15002')
    .prefault('sc://localhost:15002'),
  SEED_KAFKA: flag().prefault('false'),
  KAFKA_BOOTSTRAP_SERVERS: bootstrapServers().prefault('localhost:9092'),
  KAFKA_BATCH_TOPIC: topicName().prefault('transactions-batch'),
  SEED_OVERWRITE: flag().prefault('false'),
  SEEDER_MANIFEST: z.string().optional(),
  JSON_SUMMARY: flag().prefault('false'),
});

const OPTIONS = optionsOf(
  Object.keys(variables.shape),
  {
    '--overwrite': 'SEED_OVERWRITE',
    '--separate': 'SEED_SEPARATE',
    '--kafka': 'SEED_KAFKA',
    '--json': 'JSON_SUMMARY',
  },
  { '--manifest': 'SEEDER_MANIFEST' },
);

/** What `--help` prints. */
export const SEEDER_HELP = helpText(
  `Usage: node tools/seeder/dist/main.js [options]

Writes a history of retail transactions into a Delta table through Spark Connect, in one commit. The same settings make the
same rows; a second run adds nothing.`,
  OPTIONS,
  {
    TOTAL_RECORDS: 'rows (1000000)',
    DATE_RANGE_DAYS: 'days (90)',
    SEED: 'any text (42)',
    SEED_END_DATE: 'last day, before today, like 2025-01-31 (yesterday)',
    FRAUD_RATE: `share, 0 to 1 (${DEFAULT_FRAUD_RATE})`,
    NUM_CUSTOMERS: `size of the pool (${DEFAULT_POOL_SIZES.customers})`,
    NUM_PRODUCTS: `size of the pool (${DEFAULT_POOL_SIZES.products})`,
    NUM_STORES: `size of the pool (${DEFAULT_POOL_SIZES.stores})`,
    DELTA_BASE_PATH: 'a folder that this machine and Spark share (data/delta)',
    DELTA_OUTPUT_PATH: 'another table than <base>/stream/transactions',
    SPARK_REMOTE: 'the Spark Connect server (sc://localhost:15002)',
    KAFKA_BOOTSTRAP_SERVERS: 'host:port, several with commas (localhost:9092)',
    KAFKA_BATCH_TOPIC: 'the topic of --kafka (transactions-batch)',
    SEEDER_MANIFEST: 'file for the account of the history',
    SEED_OVERWRITE: 'replace all rows of the table, streamed ones included',
    SEED_SEPARATE: 'the table <base>/seed/transactions',
    SEED_KAFKA: 'feed a topic too, if it is empty or holds a part of the history',
    JSON_SUMMARY: 'the account as one JSON document on stdout',
  } satisfies Record<keyof typeof variables.shape, string>,
);

/** What decides the rows: equal settings make equal rows. */
export interface HistorySettings {
  readonly totalRecords: number;
  readonly days: number;
  /** Midnight (UTC) of the last day of history. */
  readonly endDate: Date;
  readonly seed: string;
  readonly fraudRate: number;
  readonly pools: PoolSizes;
}

export interface SeederSettings {
  readonly history: HistorySettings;
  /** Absolute path of the Delta table. */
  readonly tablePath: string;
  /** Absolute path of the folder for files that Spark reads once, on the storage of the table. */
  readonly stagingRoot: string;
  /** Replace the rows of the table instead of adding to them. */
  readonly overwrites: boolean;
  readonly sparkRemote: string;
  /** Also produce the rows to this topic; undefined: no Kafka. */
  readonly kafka:
    | { readonly brokers: readonly string[]; readonly topic: string; readonly security: KafkaSecurity }
    | undefined;
  /** File for the account of what was written, and how the user has called the setting. */
  readonly manifest: { readonly path: string; readonly calledAs: string } | undefined;
  /** The summary as one JSON document. */
  readonly printsJson: boolean;
}

/** A path of this machine, or the `file:` URI of one: the staged rows are written from here. */
function localPath(name: string, value: string): string {
  if (value.startsWith('file:')) return fileURLToPath(value.replace(/^file:\/*/, 'file:///'));
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(value)) {
    throw new InvalidSettings(
      `${name} must be a folder that this machine and Spark both see (it is ${JSON.stringify(value)})`,
    );
  }
  return resolve(value);
}

function target(read: z.infer<typeof variables>): Pick<SeederSettings, 'tablePath' | 'stagingRoot'> {
  if (read.DELTA_OUTPUT_PATH !== undefined) {
    const tablePath = localPath('DELTA_OUTPUT_PATH', read.DELTA_OUTPUT_PATH);
    return { tablePath, stagingRoot: `${dirname(tablePath)}/_staging` };
  }
  const base = localPath('DELTA_BASE_PATH', read.DELTA_BASE_PATH);
  const tablePath = read.SEED_SEPARATE ? `${base}/seed/transactions` : tablePaths(base).transactions;
  return { tablePath, stagingRoot: `${base}/_staging` };
}

/** Yesterday in UTC, so that history never overlaps the live stream. */
function lastDay(given: string | undefined, now: Date, calledAs: string): Date {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  if (given === undefined) return new Date(today - DAY_MS);
  const day = new Date(`${given}T00:00:00.000Z`);
  if (day.getTime() < today) return day;
  throw new InvalidSettings(
    `${calledAs} must be a day before today (UTC): nothing happens in the future (it is "${given}")`,
  );
}

/**
 * Settings of the environment and, before them, those of the command line.
 * @throws InvalidSettings naming each bad one.
 */
export function readSeederSettings(
  environment: Environment,
  cliArguments: readonly string[],
  now: Date,
): SeederSettings {
  const given = withOptions(environment, cliArguments, OPTIONS);
  const read = readSettings(variables, given.environment, given.calledAs);
  const nameOf = (variable: keyof typeof read) => given.calledAs.get(variable) ?? variable;
  return {
    history: {
      totalRecords: read.TOTAL_RECORDS,
      days: read.DATE_RANGE_DAYS,
      endDate: lastDay(read.SEED_END_DATE, now, nameOf('SEED_END_DATE')),
      seed: read.SEED,
      fraudRate: read.FRAUD_RATE,
      pools: { customers: read.NUM_CUSTOMERS, products: read.NUM_PRODUCTS, stores: read.NUM_STORES },
    },
    ...target(read),
    overwrites: read.SEED_OVERWRITE,
    sparkRemote: read.SPARK_REMOTE,
    kafka: read.SEED_KAFKA
      ? {
          brokers: read.KAFKA_BOOTSTRAP_SERVERS,
          topic: read.KAFKA_BATCH_TOPIC,
          security: kafkaSecurity(environment),
        }
      : undefined,
    manifest:
      read.SEEDER_MANIFEST === undefined
        ? undefined
        : { path: read.SEEDER_MANIFEST, calledAs: nameOf('SEEDER_MANIFEST') },
    printsJson: read.JSON_SUMMARY,
  };
}
