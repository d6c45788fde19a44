import { ANALYSES } from '@millrace/domain';
import type { AnalysisName, Column, ColumnType } from '@millrace/domain';
import { Timestamp } from 'spark-connect-js';
import type { RowObject, RowValue } from 'spark-connect-js';
import type { AnalysisSink, StoredAnalysis } from './compute-batch';
import { SinkConnection } from './sink-connection';
import type { PostgresAddress, PostgresLogin, SinkConnectionTiming } from './sink-connection';

export interface PostgresSinkSettings extends PostgresAddress, PostgresLogin {
  /** Where the tables are made: a plain lower-case name. */
  readonly schema: string;
}

/** Bounds what this process holds of an analysis. */
const ROWS_PER_STATEMENT = 2_000;

const POSTGRES_TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'text',
  int: 'integer',
  bigint: 'bigint',
  double: 'double precision',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamptz',
  'array<string>': 'text[]',
};

/**
 * Analyses as tables of a Postgres database, one for each analysis, the rows of all batches in it by `batch_id`. One
 * transaction puts all rows of a batch in the place of those that it may have there already: a repeat changes nothing,
 * and a reader sees all of a batch or none.
 */
export class PostgresSink implements AnalysisSink {
  constructor(
    private readonly settings: PostgresSinkSettings,
    private readonly timing?: SinkConnectionTiming,
  ) {}

  async store(batchId: string, analyses: readonly StoredAnalysis[], signal: AbortSignal): Promise<void> {
    await SinkConnection.use(
      this.settings,
      signal,
      async (connection) => {
        await this.makeTables(
          connection,
          analyses.map(({ analysis }) => analysis),
        );
        await connection.transaction(`${this.settings.schema}/${batchId}`, async () => {
          for (const analysis of analyses) await this.replace(connection, batchId, analysis);
        });
      },
      this.timing,
    );
  }

  private async replace(connection: SinkConnection, batchId: string, stored: StoredAnalysis): Promise<void> {
    const { columns } = ANALYSES[stored.analysis];
    const table = this.table(stored.analysis);
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    await connection.query(`DELETE FROM ${table} WHERE batch_id = $1`, [batchId]);
    for await (const chunk of inChunks(stored.rows())) {
      await connection.query(
        `INSERT INTO ${table} (batch_id, ${names}) ` +
          `SELECT $1, ${names} FROM json_to_recordset($2::json) AS rows (${typed(columns)})`,
        [batchId, JSON.stringify(chunk.map((row) => jsonOf(row, columns)))],
      );
    }
  }

  /** What exists is not touched: its owner may have given this user no right to make anything. */
  private async makeTables(connection: SinkConnection, analyses: readonly AnalysisName[]): Promise<void> {
    const { schema } = this.settings;
    const missing = await connection.query<{ name: AnalysisName; has_schema: boolean }>(
      `SELECT name, to_regnamespace(quote_ident($2)) IS NOT NULL AS has_schema FROM unnest($1::text[]) AS name
       WHERE to_regclass(quote_ident($2) || '.' || quote_ident(name)) IS NULL`,
      [analyses, schema],
    );
    const [first] = missing;
    if (first === undefined) return;
    // Two at once would both find no table and both make it.
    await connection.transaction(schema, async () => {
      if (!first.has_schema) await connection.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
      for (const { name } of missing) {
        const columns = typed(ANALYSES[name].columns);
        await connection.query(
          `CREATE TABLE IF NOT EXISTS ${this.table(name)} (batch_id text NOT NULL, ${columns})`,
        );
        await connection.query(
          `CREATE INDEX IF NOT EXISTS "${name}_batch_id" ON ${this.table(name)} (batch_id)`,
        );
      }
    });
  }

  /** Names come from the catalog, and from a setting that was checked. */
  private table(name: AnalysisName): string {
    return `"${this.settings.schema}"."${name}"`;
  }
}

function typed(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `"${name}" ${POSTGRES_TYPES[type]}`).join(', ');
}

async function* inChunks(rows: AsyncIterable<RowObject>): AsyncGenerator<RowObject[]> {
  let chunk: RowObject[] = [];
  for await (const row of rows) {
    if (chunk.push(row) < ROWS_PER_STATEMENT) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function jsonOf(row: RowObject, columns: readonly Column[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(columns.map(({ name, type }) => [name, jsonValue(row[name] ?? null, type)]));
}

/** As texts, which Postgres reads in full: numbers of JSON know no NaN, and 53 bits. */
function jsonValue(value: RowValue, type: ColumnType): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((element: RowValue) => jsonValue(element, 'string'));
  switch (type) {
    case 'date':
    case 'timestamp':
      // Spark writes years after 9999 as ISO 8601 has them, with a sign.
      return textOf(value).replace(/^\+0*/, '');
    case 'double':
      return Object.is(value, -0) ? '-0' : textOf(value);
    default:
      // Postgres has no text with NUL.
      return textOf(value).replaceAll('\0', '\uFFFD');
  }
}

function textOf(value: RowValue): string {
  if (typeof value === 'object' && !(value instanceof Timestamp))
    throw new TypeError('not a value of a column');
  return String(value);
}
