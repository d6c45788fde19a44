import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { DeltaOracle, ascending, descending } from './delta-oracle';

jest.setTimeout(120_000);

const TABLE = 'mixed';
/** More than are sorted at once, so that the reader goes by the bounds of the files. */
const ROWS = 12_000;
const PAGE_ROWS = 700;

describe('files that were written by different settings', () => {
  let oracle: DeltaOracle;

  beforeAll(async () => {
    oracle = await DeltaOracle.open();
  });

  afterAll(() => oracle.close());

  /** Every order of the pages against the ranks that Spark gives. */
  async function expectOrders(columns: readonly string[]): Promise<void> {
    const snapshot = await oracle.snapshot(TABLE);
    const ranks = columns.flatMap((column) => [`${column} ASC`, `${column} DESC`]);
    const windows = ranks.map((rank, index) => `row_number() OVER (ORDER BY ${rank}, id) AS r${index}`);
    const rows = await (
      await oracle.spark.sql(`SELECT id, ${windows.join(', ')} FROM ${oracle.named(TABLE)}`)
    ).collect();
    expect(rows.length).toBeGreaterThan(10_000);
    for (const [index, rank] of ranks.entries()) {
      const expected: number[] = [];
      for (const row of rows) expected[Number(row[`r${index}`]) - 1] = Number(row['id']);
      const [column = '', direction] = rank.split(' ');
      const order = [direction === 'ASC' ? ascending(column) : descending(column), ascending('id')];
      for (let offset = 0; offset < rows.length; offset += 2_900) {
        const request = { columns: ['id'], order, limit: PAGE_ROWS, offset };
        const page = JSON.parse(String((await oracle.tables.readPage(snapshot, request)).bytes)) as {
          id: number;
        }[];
        const ids = page.map(({ id }) => id);
        expect({ rank, offset, ids }).toEqual({
          rank,
          offset,
          ids: expected.slice(offset, offset + PAGE_ROWS),
        });
      }
    }
  }

  it('are read in the order that Spark sorts by, whatever their times are stored as', async () => {
    const table = oracle.named(TABLE);
    const rowsFrom = (from: number, to: number) =>
      `SELECT id, timestamp_micros(-3000000000 + id * 1000001) AS at, CAST(timestamp_micros(id * 7) AS TIMESTAMP_NTZ) AS clock,
         date_add(DATE '1969-12-01', CAST(id div 100 AS INT)) AS day, CAST(id % 113 AS TINYINT) AS tiny,
         9223372036854775807 - id AS large FROM range(${from}, ${to}, 1, 2)`;
    const insert = (from: number) => `INSERT INTO ${table} ${rowsFrom(from, from + ROWS / 6)}`;
    await oracle.run(
      `CREATE TABLE ${table} USING delta TBLPROPERTIES ('delta.checkpoint.writeStatsAsJson' = 'false',
         'delta.checkpoint.writeStatsAsStruct' = 'true', 'delta.checkpointInterval' = '7') AS ${rowsFrom(0, ROWS / 6)}`,
      'SET spark.sql.parquet.outputTimestampType=INT96',
      insert(ROWS / 6),
      'SET spark.sql.parquet.outputTimestampType=TIMESTAMP_MILLIS',
      insert((2 * ROWS) / 6),
      'RESET spark.sql.parquet.outputTimestampType',
      `SET TIME ZONE 'Asia/Kathmandu'`,
      insert((3 * ROWS) / 6),
      `SET TIME ZONE 'UTC'`,
      `ALTER TABLE ${table} ADD COLUMN late BIGINT`,
      `INSERT INTO ${table} SELECT *, id % 1009 FROM (${rowsFrom((4 * ROWS) / 6, ROWS)})`,
    );
    await oracle.expectSame(TABLE, [{}], [[ascending('at')]]);
    await expectOrders(['at', 'clock', 'day', 'tiny', 'large', 'late']);
  });

  it('are read where a checkpoint tells their numbers alone, and where nothing tells them', async () => {
    const table = oracle.named(TABLE);
    await oracle.run(
      'SET spark.databricks.delta.stats.collect=false',
      `UPDATE ${table} SET late = NULL WHERE id < 10`,
      `INSERT INTO ${table} SELECT id + 100000, * EXCEPT (id) FROM ${table} WHERE id % 100 = 0`,
      'RESET spark.databricks.delta.stats.collect',
    );
    const names = await readdir(join(oracle.pathOf(TABLE), '_delta_log'));
    expect(names).toContain(`${'7'.padStart(20, '0')}.checkpoint.parquet`);
    await oracle.expectSame(TABLE, [{ version: 6 }, { version: 7 }], [[ascending('day')]]);
    await expectOrders(['late']);
  });

  it('are read where the table was made of Parquet files with odd names', async () => {
    const path = oracle.pathOf('converted');
    const rows = await oracle.spark.sql(
      `SELECT id, CAST(id % 3 AS STRING) AS key, CASE WHEN id % 2 = 0 THEN 'a b/%=:é' END AS odd FROM range(0, 60, 1, 1)`,
    );
    await rows.write.format('parquet').partitionBy('key', 'odd').save(path);
    const folder = join(path, 'key=1', 'odd=__HIVE_DEFAULT_PARTITION__');
    const [name = ''] = (await readdir(folder)).filter(
      (it) => it.endsWith('.parquet') && !it.startsWith('.'),
    );
    await rename(join(folder, name), join(folder, `it's 50%25 {a}[b]*+é#?.parquet`));
    await oracle.run(
      `CONVERT TO DELTA parquet.\`${path}\` NO STATISTICS PARTITIONED BY (key INT, odd STRING)`,
      `CREATE OR REPLACE TABLE ${oracle.named('converted')} USING delta PARTITIONED BY (id) AS
         SELECT CAST(id % 5 AS DECIMAL(5, 1)) AS id, id * 2.5D AS key, named_struct('odd', odd) AS odd FROM ${oracle.named('converted')}`,
    );
    await oracle.expectSame('converted', [{ version: 0 }, { version: 1 }], [[ascending('key')]]);
  });

  it('are refused where they lie outside the table', async () => {
    await oracle.run(`CREATE TABLE ${oracle.named('clone')} SHALLOW CLONE ${oracle.named('converted')}`);
    await expect(oracle.snapshot('clone')).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
  });
});
