import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { MeasuredStack } from '../stack';

const run = promisify(execFile);
const SEEDER = join(__dirname, '..', '..', '..', 'seeder', 'dist', 'main.js');
const DAY_MS = 86_400_000;

/**
 * Fills a table with so many transactions of the last 90 days, always the same.
 * @param table The stream's, unless told.
 */
export async function seedHistory(stack: MeasuredStack, rows: number, table?: string): Promise<void> {
  await run(process.execPath, [SEEDER], {
    env: {
      ...process.env,
      SPARK_REMOTE: stack.endpoints.sparkConnect,
      DELTA_BASE_PATH: stack.deltaBasePath,
      KAFKA_BOOTSTRAP_SERVERS: stack.endpoints.kafka,
      TOTAL_RECORDS: String(rows),
      SEED: '42',
      ...(table !== undefined && { DELTA_OUTPUT_PATH: table }),
    },
  });
}

/** YYYY-MM-DD, UTC, so many days from today. */
export function day(offset: number): string {
  return new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);
}

/** A range that holds all history. */
export const ALL_TIME = { startDate: day(-120), endDate: day(1) };
