import { resolve } from 'node:path';
import {
  InvalidSettings,
  flag,
  helpText,
  optionsOf,
  readSettings,
  wholeNumber,
  withOptions,
} from '@millrace/generator';
import type { Environment } from '@millrace/generator';
import { z } from 'zod';

const DAY_MS = 86_400_000;
const LAST_DATE = '9999-12-31';
/** Bounds that keep the total in paise a whole number that a double holds exactly. */
export const MAX_DAYS = 3650;
export const MAX_TRANSACTIONS = 10_000_000;

const variables = z.object({
  RETAIL_OUTPUT: z.string().prefault('data/input'),
  RETAIL_DAYS: wholeNumber(1, MAX_DAYS).prefault('30'),
  RETAIL_TRANSACTIONS: wholeNumber(1, MAX_TRANSACTIONS).prefault('200'),
  RETAIL_START_DATE: z.iso.date('must be a date like 2025-01-31').optional(),
  SEED: z.string().prefault('42'),
  RETAIL_MANIFEST: z.string().optional(),
  RETAIL_KEEP_EXISTING: flag().prefault('false'),
  JSON_SUMMARY: flag().prefault('false'),
});

const OPTIONS = optionsOf(
  Object.keys(variables.shape),
  { '--keep-existing': 'RETAIL_KEEP_EXISTING', '--json': 'JSON_SUMMARY' },
  {
    '--output': 'RETAIL_OUTPUT',
    '--days': 'RETAIL_DAYS',
    '--transactions': 'RETAIL_TRANSACTIONS',
    '--start-date': 'RETAIL_START_DATE',
    '--manifest': 'RETAIL_MANIFEST',
  },
);

/** What `generate --help` prints. */
export const GENERATE_HELP = helpText(
  `Usage: npm run retail -- generate [options]

Writes the sales of a chain of snack counters: a CSV file for each day, retail_<YYYY-MM-DD>.csv. The same seed makes the same
file of a day, whatever the other days are. Files named retail_<date>.csv that were in the folder before are removed.`,
  OPTIONS,
  {
    RETAIL_OUTPUT: 'folder of the files, made if it is missing (data/input)',
    RETAIL_DAYS: `days, 1 to ${MAX_DAYS} (30)`,
    RETAIL_TRANSACTIONS: `sales of each day, 1 to ${MAX_TRANSACTIONS} (200)`,
    RETAIL_START_DATE: 'first day, like 2025-01-31 (so that today, UTC, is the last)',
    SEED: 'any text (42)',
    RETAIL_MANIFEST: 'file for the account: amounts by day and product',
    RETAIL_KEEP_EXISTING: 'leave files of other days that are there',
    JSON_SUMMARY: 'the account as one JSON document on stdout',
  } satisfies Record<keyof typeof variables.shape, string>,
);

export interface GenerateSettings {
  /** Absolute path, and how the user has called the setting. */
  readonly output: { readonly folder: string; readonly calledAs: string };
  /** One after the other, like 2025-01-31. */
  readonly dates: readonly string[];
  /** Of each day. */
  readonly transactions: number;
  readonly seed: string;
  readonly keepsExisting: boolean;
  /** File for the account of what was made, and how the user has called the setting. */
  readonly manifest: { readonly path: string; readonly calledAs: string } | undefined;
  /** The account as one JSON document instead of the summary. */
  readonly printsJson: boolean;
}

/**
 * Settings of the environment and, before them, those of the command line.
 * @param now the last day is that of it, in UTC, unless a first day is given.
 * @throws InvalidSettings naming each bad one.
 */
export function readGenerateSettings(
  environment: Environment,
  cliArguments: readonly string[],
  now: Date,
): GenerateSettings {
  const given = withOptions(environment, cliArguments, OPTIONS);
  const read = readSettings(variables, given.environment, given.calledAs);
  const nameOf = (variable: keyof typeof read) => given.calledAs.get(variable) ?? variable;
  const days = read.RETAIL_DAYS;
  const first = read.RETAIL_START_DATE ?? isoDate(now.getTime() - (days - 1) * DAY_MS);
  return {
    output: { folder: resolve(read.RETAIL_OUTPUT), calledAs: nameOf('RETAIL_OUTPUT') },
    dates: datesFrom(first, days, nameOf('RETAIL_START_DATE')),
    transactions: read.RETAIL_TRANSACTIONS,
    seed: read.SEED,
    keepsExisting: read.RETAIL_KEEP_EXISTING,
    manifest:
      read.RETAIL_MANIFEST === undefined
        ? undefined
        : { path: read.RETAIL_MANIFEST, calledAs: nameOf('RETAIL_MANIFEST') },
    printsJson: read.JSON_SUMMARY,
  };
}

const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function datesFrom(first: string, days: number, name: string): string[] {
  const startMs = Date.parse(first);
  if (startMs + (days - 1) * DAY_MS > Date.parse(LAST_DATE)) {
    throw new InvalidSettings(
      `${name} must be so early that ${days} days end by ${LAST_DATE} (it is "${first}")`,
    );
  }
  return Array.from({ length: days }, (_, day) => isoDate(startMs + day * DAY_MS));
}
