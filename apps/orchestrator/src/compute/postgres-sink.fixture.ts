import { ANALYSES } from '@millrace/domain';
import type { AnalysisName, ColumnType } from '@millrace/domain';
import type { FreshDatabase } from '@millrace/registry/testing';
import { Timestamp } from 'spark-connect-js';
import type { RowObject, RowValue } from 'spark-connect-js';
import type { StoredAnalysis } from './compute-batch';
import type { PostgresSinkSettings } from './postgres-sink';

const schema = 'batch_results';

export const neverAborted: AbortSignal = new AbortController().signal;

export function settingsOf(url: string): PostgresSinkSettings {
  const { hostname: host, port, pathname, username: user, password } = new URL(url);
  return { host, port: Number(port), database: pathname.slice(1), ssl: false, user, password, schema };
}

/** A value of each type that goes wrong where it is written carelessly. */
export const EXAMPLES: Readonly<Record<ColumnType, RowValue>> = {
  string: 'it\'s a \\ "text"\n',
  int: -2_147_483_648,
  bigint: 9_007_199_254_740_993n,
  double: 0.1 + 0.2,
  boolean: true,
  date: '2024-02-29',
  timestamp: new Timestamp(1_735_689_600_000_007n),
  'array<string>': ['a', null, 'c,"d\\', ''],
};

export function aRow(analysis: AnalysisName, values: Readonly<Record<string, RowValue>> = {}): RowObject {
  return Object.fromEntries(
    ANALYSES[analysis].columns.map(({ name, type }) => [name, values[name] ?? EXAMPLES[type]]),
  );
}

export const stored = (analysis: AnalysisName, rows: readonly RowObject[]): StoredAnalysis => ({
  analysis,
  rows: async function* () {
    for (const row of rows) yield await Promise.resolve(row);
  },
});

export const channels = (count: number): StoredAnalysis =>
  stored(
    'channel_performance',
    Array.from({ length: count }, (_, index) => aRow('channel_performance', { channel: `c${index}` })),
  );

export async function countOf(
  database: FreshDatabase,
  analysis: AnalysisName,
  batchId: string,
): Promise<unknown> {
  const sql = `SELECT count(*)::int AS rows FROM ${schema}.${analysis} WHERE batch_id = $1`;
  return (await database.query(sql, [batchId]))[0]?.['rows'];
}
