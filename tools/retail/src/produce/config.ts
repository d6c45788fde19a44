import { resolve } from 'node:path';
import type { KafkaSecurity } from '@millrace/domain';
import {
  InvalidSettings,
  bootstrapServers,
  flag,
  formatCount,
  helpText,
  kafkaSecurity,
  numeric,
  optionsOf,
  readSettings,
  topicName,
  wholeNumber,
  withOptions,
} from '@millrace/generator';
import type { Environment } from '@millrace/generator';
import { z } from 'zod';
import { MAX_HELD_EVENTS } from './arranged-events';
import { kafkaOfLocalStack } from './local-stack';
import { LOG_LEVELS } from './log';
import type { LogLevel } from './log';

const MAX_RATE = 1_000_000;
const ORDERS = ['file', 'time', 'shuffle'] as const;

/** `file`: as the files have them. */
export type Order = (typeof ORDERS)[number];

const variables = z.object({
  RETAIL_INPUT: z.string().prefault('data/input'),
  KAFKA_BOOTSTRAP_SERVERS: bootstrapServers().optional(),
  RETAIL_TOPIC: topicName().prefault('retail-orders'),
  RETAIL_RATE: numeric(`a number from 0 to ${MAX_RATE}`, (value) => value <= MAX_RATE).prefault('5'),
  RETAIL_ORDER: z.enum(ORDERS, 'must be file, time or shuffle').optional(),
  SEED: z.string().prefault('42'),
  RETAIL_LIMIT: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`))
    .prefault('info'),
  RETAIL_SHUFFLE: flag().prefault('false'),
  RETAIL_SPREAD_DAY: flag().prefault('false'),
  RETAIL_LOOP: flag().prefault('false'),
  JSON_SUMMARY: flag().prefault('false'),
});

const OPTIONS = optionsOf(
  Object.keys(variables.shape),
  {
    '--shuffle': 'RETAIL_SHUFFLE',
    '--spread-day': 'RETAIL_SPREAD_DAY',
    '--loop': 'RETAIL_LOOP',
    '--json': 'JSON_SUMMARY',
  },
  {
    '--input': 'RETAIL_INPUT',
    '--bootstrap-servers': 'KAFKA_BOOTSTRAP_SERVERS',
    '--topic': 'RETAIL_TOPIC',
    '--rate': 'RETAIL_RATE',
    '--order': 'RETAIL_ORDER',
    '--limit': 'RETAIL_LIMIT',
  },
);

/** What `produce --help` prints. */
export const PRODUCE_HELP = helpText(
  `Usage: npm run retail -- produce [options]

Sends each row of CSV files to Kafka, as a JSON object of texts: names of columns trimmed and in lower case, values trimmed, and
event_time, the first of order_ts, order_time, order_date and timestamp that is not blank in the row, else its own event_time,
else now. The key is order_id.

Orders time and shuffle hold all rows in memory, at most ${formatCount(MAX_HELD_EVENTS)}; order file holds none. A stream with a watermark
drops what is much older than what it has seen: nothing of order time, most of order shuffle where the files are of many days,
and whatever --loop sends again.`,
  OPTIONS,
  {
    RETAIL_INPUT: 'folder with files named *.csv, also in folders below it, or one file (data/input)',
    KAFKA_BOOTSTRAP_SERVERS:
      'host:port, several with commas (of the stack in MILLRACE_HOME, else localhost:9092)',
    RETAIL_TOPIC: 'made if it is missing (retail-orders)',
    RETAIL_RATE: 'events each second; 0: as fast as Kafka takes them (5)',
    RETAIL_ORDER: 'file (by name, as they stand in it), time (of the event) or shuffle (file)',
    SEED: 'any text: the same one shuffles alike (42)',
    RETAIL_LIMIT: 'stop after so many events',
    LOG_LEVEL: `${LOG_LEVELS.join(', ')} (info)`,
    RETAIL_SHUFFLE: 'the same as --order shuffle',
    RETAIL_SPREAD_DAY: 'a date without time of day gets one, always the same for an order_id',
    RETAIL_LOOP: 'begin again at the end, until stopped (Ctrl-C)',
    JSON_SUMMARY: 'the account as one JSON document on stdout',
  } satisfies Record<keyof typeof variables.shape, string>,
);

export interface ProduceSettings {
  /** Absolute path of a folder or a file, and how the user has called the setting. */
  readonly input: { readonly path: string; readonly calledAs: string };
  readonly brokers: readonly string[];
  readonly security: KafkaSecurity;
  readonly topic: string;
  /** Undefined: as fast as Kafka takes them. */
  readonly eventsPerSecond: number | undefined;
  readonly order: Order;
  readonly seed: string;
  readonly loops: boolean;
  /** Stop after so many events. */
  readonly limit: number | undefined;
  /** Dates without a time of day get one. */
  readonly spreadsDay: boolean;
  readonly logLevel: LogLevel;
  /** The account as one JSON document instead of the summary. */
  readonly printsJson: boolean;
}

/**
 * Settings of the environment and, before them, those of the command line.
 * @param checkout where the home of a local stack is looked for.
 * @throws InvalidSettings naming each bad one.
 */
export function readProduceSettings(
  environment: Environment,
  cliArguments: readonly string[],
  checkout: string,
): ProduceSettings {
  const given = withOptions(environment, cliArguments, OPTIONS);
  const read = readSettings(variables, given.environment, given.calledAs);
  const nameOf = (variable: keyof typeof read) => given.calledAs.get(variable) ?? variable;
  return {
    input: { path: resolve(read.RETAIL_INPUT), calledAs: nameOf('RETAIL_INPUT') },
    brokers: read.KAFKA_BOOTSTRAP_SERVERS ?? kafkaOfLocalStack(environment, checkout) ?? ['localhost:9092'],
    security: kafkaSecurity(environment),
    topic: read.RETAIL_TOPIC,
    eventsPerSecond: read.RETAIL_RATE === 0 ? undefined : read.RETAIL_RATE,
    order: orderOf(read, nameOf('RETAIL_ORDER'), nameOf('RETAIL_SHUFFLE')),
    seed: read.SEED,
    loops: read.RETAIL_LOOP,
    limit: read.RETAIL_LIMIT,
    spreadsDay: read.RETAIL_SPREAD_DAY,
    logLevel: read.LOG_LEVEL,
    printsJson: read.JSON_SUMMARY,
  };
}

function orderOf(read: z.infer<typeof variables>, orderName: string, shuffleName: string): Order {
  const { RETAIL_ORDER: order, RETAIL_SHUFFLE: shuffles } = read;
  if (!shuffles) return order ?? 'file';
  if (order === undefined || order === 'shuffle') return 'shuffle';
  throw new InvalidSettings(
    `${orderName} must be shuffle, or absent, beside ${shuffleName} (it is "${order}")`,
  );
}
