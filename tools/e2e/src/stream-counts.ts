import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { latestVersion, queryDelta } from './delta-rows';
import { newestIn } from './micro-batch-points';
import { home } from './stack-under-test';
import { streamStatus, topicEnd, TOPIC } from './streaming';
import { waitUntil } from './wait-until';

export type QueryCounts = Readonly<Record<string, number>>;

/** What the tables of the stream hold. */
export interface StoredCounts {
  readonly rows: bigint;
  readonly ids: bigint;
  /** Rows that belong to windows. */
  readonly qualifying: bigint;
}

export interface WindowCounts {
  /** Of events in windows, as the windows have them. */
  readonly memberships: bigint;
  readonly late: number;
}

async function countsOf(query: string): Promise<QueryCounts> {
  const { queries } = await streamStatus();
  return queries.find(({ name }) => name === query)?.counts ?? {};
}

/** The counts of the raw query once it has read all that the topic has. */
export const countsOfWholeTopic = (timeoutMs: number): Promise<QueryCounts> =>
  waitUntil(
    'the raw query to have read the whole topic',
    async () => {
      const counts = await countsOf('transactions');
      return counts['offered'] === (await topicEnd(TOPIC)) ? counts : undefined;
    },
    { timeoutMs, pollMs: 1_000 },
  );

/** What the windows have and left out, once they have read all that the table has. */
export const countsOfWindows = (timeoutMs: number): Promise<WindowCounts> =>
  waitUntil(
    'the windows to have read the whole table',
    async () => {
      const version = await latestVersion('stream/transactions');
      const { queries } = await streamStatus();
      const progress = queries.find(({ name }) => name === 'realtime_dashboard')?.lastProgress;
      const { reservoirVersion } = (progress?.sources[0]?.endOffset ?? {}) as { reservoirVersion?: number };
      if (reservoirVersion === undefined || reservoirVersion <= version) return undefined;
      const [row] = await queryDelta(
        'stream/stream_aggregations',
        undefined,
        (rows) => `SELECT sum(txn_count)::BIGINT AS memberships FROM ${rows}`,
      );
      const memberships = row?.['memberships'];
      return { memberships: typeof memberships === 'bigint' ? memberships : 0n, late: lateEvents() };
    },
    { timeoutMs, pollMs: 2_000 },
  );

/** From where the sink writes them: the status of a running query has them now and then only, and may be of an earlier micro-batch. */
function lateEvents(): number {
  const folder = join(home(), 'data', 'checkpoints', 'transactions', 'realtime_dashboard', 'counts');
  const text = readFileSync(join(folder, `${newestIn(folder)}.json`), 'utf8');
  const { total } = JSON.parse(text) as { total: QueryCounts };
  return total['late'] ?? 0;
}

export async function storedCounts(): Promise<StoredCounts> {
  const [row] = await queryDelta(
    'stream/transactions',
    undefined,
    (rows) => `SELECT count(*) AS rows, count(DISTINCT transaction_id) AS ids,
      count(*) FILTER (transaction_status IN ('completed', 'pending')) AS qualifying FROM ${rows}`,
  );
  return row as unknown as StoredCounts;
}
