import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import type { DeltaField, PageRequest, Snapshot, SnapshotOptions } from '@millrace/delta';
import { SparkSession } from 'spark-connect-js';
import { exactRow, unscaled } from './delta-exact-rows';
import { deltaBasePath, endpoints } from './stack-under-test';

export type Orders = readonly PageRequest['order'][];

/** What a table holds at a version. */
export interface TableContents {
  readonly count: number;
  /** By column of whole numbers or decimals; null where there is no value. */
  readonly sums: Readonly<Record<string, bigint | null>>;
  /** Of all rows, in whatever order. */
  readonly hash: string;
  readonly rows: readonly string[];
}

const PAGE_ROWS = 2_999;
const WHOLE_NUMBERS: readonly string[] = ['byte', 'short', 'integer', 'long'];
/** SQL of a row as JSON with every digit that it has. */
export const ROW_JSON = `to_json(struct(*), map('ignoreNullFields', 'false',
  'timestampFormat', "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", 'timestampNTZFormat', "yyyy-MM-dd'T'HH:mm:ss.SSSSSS"))`;

/** Delta tables that Spark writes, each read by Spark and by our reader. */
export class DeltaOracle {
  readonly root = join(deltaBasePath(), 'spec', randomUUID());
  readonly tables = DeltaTables.open({ root: deltaBasePath() });

  private constructor(readonly spark: SparkSession) {}

  static async open(): Promise<DeltaOracle> {
    const oracle = new DeltaOracle(SparkSession.builder().remote(endpoints.sparkConnect).build());
    await mkdir(oracle.root, { recursive: true });
    // To compile a query takes longer than to read so few rows.
    await oracle.run('SET spark.sql.codegen.wholeStage=false', 'SET spark.sql.shuffle.partitions=1');
    return oracle;
  }

  async close(): Promise<void> {
    await this.tables.close();
    await this.spark.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  pathOf(table: string): string {
    return join(this.root, table);
  }

  /** A table as SQL names it. */
  named(table: string): string {
    return `delta.\`${this.pathOf(table)}\``;
  }

  async run(...statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.spark.sql(statement);
  }

  async snapshot(table: string, at: SnapshotOptions = {}): Promise<Snapshot> {
    return this.tables.openSnapshot(this.pathOf(table), at);
  }

  /** Both must say the same of each version, and our pages must hold each of its rows once. */
  async expectSame(
    table: string,
    versions: readonly SnapshotOptions[],
    orders: Orders = [[]],
  ): Promise<void> {
    const snapshots = await Promise.all(versions.map((at) => this.snapshot(table, at)));
    const expected = await this.bySpark(table, versions, snapshots);
    for (const [index, snapshot] of snapshots.entries()) {
      const { rows, ...totals } = await this.byPages(snapshot, orders[index % orders.length] ?? []);
      const { rows: rowsOfSpark, ...totalsOfSpark } = expected[index] ?? {};
      const of = versions[index];
      // The rows first: they say where the difference is.
      expect({ of, rows }).toEqual({ of, rows: rowsOfSpark });
      expect({ of, ...totals }).toEqual({ of, ...totalsOfSpark });
      expect({ of, count: await this.tables.countRows(snapshot) }).toEqual({ of, count: totals.count });
    }
  }

  /** What Spark reads at each version, by one query: what it costs does not depend much on how many they are. */
  async bySpark(
    table: string,
    versions: readonly SnapshotOptions[],
    snapshots: readonly Snapshot[],
  ): Promise<TableContents[]> {
    const queries = versions.map((at, index) => {
      const sums = summedFields(snapshots[index]?.schema ?? []).map(
        (field) => `CAST(${sumOf(field)} AS STRING)`,
      );
      return `SELECT ${index} AS place, CAST(count(*) AS INT) AS count,
        CAST(array(${sums.join(', ')}) AS ARRAY<STRING>) AS sums, collect_list(${ROW_JSON}) AS rows
        FROM ${this.named(table)} ${asOf(at)}`;
    });
    const answers = await (await this.spark.sql(queries.join('\nUNION ALL\n'))).collect();
    return answers
      .sort((one, other) => Number(one['place']) - Number(other['place']))
      .map((answer, index) => contentsOf(answer, snapshots[index]?.schema ?? []));
  }

  /** All rows of a snapshot, by its pages. */
  async byPages(snapshot: Snapshot, order: PageRequest['order']): Promise<TableContents> {
    const jsons: string[] = [];
    for (;;) {
      const request = { order, limit: PAGE_ROWS, offset: jsons.length };
      const { rows, bytes } = await this.tables.readPage(snapshot, request, 'ndjson');
      jsons.push(...String(bytes).split('\n').slice(0, rows));
      if (rows < PAGE_ROWS) break;
    }
    const rows = jsons.map((json) => exactRow(json, snapshot.schema));
    const texts = rows.map((row) => JSON.stringify(row)).sort();
    return {
      count: rows.length,
      sums: Object.fromEntries(
        summedFields(snapshot.schema).map((field) => [field.name, summedUp(rows, field)]),
      ),
      hash: hashOf(texts),
      rows: texts,
    };
  }
}

function contentsOf(answer: Readonly<Record<string, unknown>>, schema: readonly DeltaField[]): TableContents {
  const rows = (answer['rows'] as string[]).map((json) => spelled(json, schema)).sort();
  const sums = answer['sums'] as (string | null)[];
  return {
    count: Number(answer['count']),
    sums: Object.fromEntries(
      summedFields(schema).map((field, index) => {
        const text = sums[index] ?? null;
        return [field.name, text === null ? null : unscaled(text, scaleOf(field) ?? 0)];
      }),
    ),
    hash: hashOf(rows),
    rows,
  };
}

const spelled = (json: string, schema: readonly DeltaField[]): string =>
  JSON.stringify(exactRow(json, schema));

const hashOf = (rows: readonly string[]): string =>
  createHash('sha256').update(rows.join('\n')).digest('hex');

/** Digits behind the point of a column that can be summed without a loss. */
function scaleOf({ type }: DeltaField): number | undefined {
  if (type.kind === 'primitive') return WHOLE_NUMBERS.includes(type.name) ? 0 : undefined;
  return type.kind === 'decimal' && type.precision <= 28 ? type.scale : undefined;
}

const summedFields = (schema: readonly DeltaField[]): DeltaField[] =>
  schema.filter((field) => scaleOf(field) !== undefined);

function sumOf(field: DeltaField): string {
  const column = `\`${field.name.replaceAll('`', '``')}\``;
  return `sum(CAST(${column} AS DECIMAL(38, ${scaleOf(field) ?? 0})))`;
}

function summedUp(rows: readonly Record<string, unknown>[], { name }: DeltaField): bigint | null {
  const values = rows.map((row) => row[name]).filter((value) => typeof value === 'string');
  return values.length === 0 ? null : values.reduce((sum, value) => sum + BigInt(value), 0n);
}

function asOf({ version, time }: SnapshotOptions): string {
  if (time !== undefined) return `TIMESTAMP AS OF '${time.toISOString()}'`;
  return version === undefined ? '' : `VERSION AS OF ${version}`;
}

export const ascending = (column: string) => ({ column, direction: 'asc' }) as const;
export const descending = (column: string) => ({ column, direction: 'desc' }) as const;
