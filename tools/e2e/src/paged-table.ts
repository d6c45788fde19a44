import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import type { DeltaField } from '@millrace/delta';
import type { SparkSession } from 'spark-connect-js';
import { exactRow } from './delta-exact-rows';
import { ROW_JSON } from './delta-oracle';
import { call, deltaBasePath } from './stack-under-test';

/** Rows of a table as the API pages them. */
export interface PagedTable {
  readonly shape: string;
  /** With the parameters that every page has. */
  readonly path: string;
  /** Below the base path. */
  readonly folder: string;
  /** As `GET /tables` names it. */
  readonly name: string;
  readonly by: 'offset' | 'cursor';
  readonly limit: number;
  /** Which of the table's rows are paged, as SQL; absent: all. */
  readonly where?: string;
  /** Absent: all. */
  readonly columns?: readonly string[];
  /** Whether it can be read at another version than the one that was committed. */
  readonly hasVersions: boolean;
}

interface Page {
  readonly page: { readonly hasMore: boolean; readonly nextCursor?: string };
  readonly data: readonly object[];
}

export const pathOf = ({ folder }: Pick<PagedTable, 'folder'>): string => join(deltaBasePath(), folder);

/** Schema of the columns that are shown, as our reader has it. */
export async function shownFields({ columns, ...table }: PagedTable): Promise<readonly DeltaField[]> {
  const tables = DeltaTables.open({ root: deltaBasePath() });
  const { schema } = await tables.openSnapshot(pathOf(table));
  await tables.close();
  return schema.filter(({ name }) => columns?.includes(name) ?? true);
}

/** The rows that Spark reads of the version that a batch committed, in no order. */
export async function rowsBySpark(
  spark: SparkSession,
  table: PagedTable,
  fields: readonly DeltaField[],
): Promise<string[]> {
  const source = `SELECT ${fields.map(({ name }) => name).join(', ')} FROM delta.\`${pathOf(table)}\` VERSION AS OF 0`;
  const where = table.where === undefined ? '' : ` WHERE ${table.where}`;
  const answer = await spark.sql(`SELECT ${ROW_JSON} AS row FROM (${source}${where})`);
  const rows = await answer.collect();
  return rows.map(({ row }) => JSON.stringify(exactRow(row as string, fields)));
}

/** All pages, one after the other. @param version absent: the one that the batch committed. */
export async function rowsByPages(
  table: PagedTable,
  fields: readonly DeltaField[],
  version?: number,
): Promise<string[]> {
  const rows: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const query = new URLSearchParams({ limit: String(table.limit) });
    if (version !== undefined) query.set('versionAsOf', String(version));
    if (cursor !== undefined) query.set('cursor', cursor);
    else if (table.by === 'offset') query.set('offset', String(rows.length));
    const { status, body } = await call<Page>('GET', `${table.path}${query.toString()}`);
    if (status !== 200) throw new Error(`No page of ${table.shape}: ${JSON.stringify(body)}`);
    rows.push(...body.data.map((row) => JSON.stringify(exactRow(JSON.stringify(row), fields))));
    if (!body.page.hasMore) return rows;
    if (table.by === 'cursor') cursor = body.page.nextCursor;
  }
}

/** How two collections of rows differ; each row counts as often as it is there. */
export function differenceOf(expected: readonly string[], found: readonly string[]) {
  const left = new Map<string, number>();
  for (const row of expected) left.set(row, (left.get(row) ?? 0) + 1);
  const tooMany: string[] = [];
  for (const row of found) {
    const count = left.get(row) ?? 0;
    if (count === 0) tooMany.push(row);
    left.set(row, count - 1);
  }
  return { missing: [...left].filter(([, count]) => count > 0).map(([row]) => row), tooMany };
}
