import { DeltaOracle, ascending, descending } from './delta-oracle';

jest.setTimeout(120_000);

const TABLE = 'changes';
/** More than are sorted at once, so that the reader goes by the bounds of the files. */
const ROWS = 12_000;

describe('a table on its way through OPTIMIZE, DELETE, UPDATE and MERGE', () => {
  let oracle: DeltaOracle;
  let newest: number;

  beforeAll(async () => {
    oracle = await DeltaOracle.open();
    const table = oracle.named(TABLE);
    const rowsFrom = (first: number, last: number) =>
      `SELECT id, CAST(id % 3 AS INT) AS part, (id * 7919) % 10007 AS mixed, CAST(id / 7 AS DECIMAL(12, 3)) AS price,
         CASE WHEN id % 11 <> 0 THEN concat('name ', id % 100) END AS name FROM range(${first}, ${last}, 1, 3)`;
    await oracle.run(
      `CREATE TABLE ${table} USING delta PARTITIONED BY (part) AS ${rowsFrom(0, ROWS)}`,
      `DELETE FROM ${table} WHERE id % 1000 < 3`,
      `DELETE FROM ${table} WHERE part = 1`,
      `UPDATE ${table} SET name = 'renamed', price = price + 0.001 WHERE mixed < 200`,
      `OPTIMIZE ${table}`,
      `MERGE INTO ${table} AS old USING (${rowsFrom(ROWS - 200, ROWS + 900)}) AS new ON old.id = new.id
         WHEN MATCHED AND new.id % 2 = 0 THEN DELETE
         WHEN MATCHED THEN UPDATE SET name = 'merged'
         WHEN NOT MATCHED THEN INSERT *`,
      `OPTIMIZE ${table} ZORDER BY (mixed)`,
      `RESTORE TABLE ${table} TO VERSION AS OF 2`,
      `DELETE FROM ${table}`,
    );
    newest = (await oracle.snapshot(TABLE)).version;
  });

  afterAll(() => oracle.close());

  it('is what Spark reads at each version', async () => {
    expect(newest).toBe(8);
    const versions = Array.from({ length: newest + 1 }, (_, version) => ({ version }));
    const orders = [[], [descending('mixed')], [ascending('id')], [ascending('name'), descending('price')]];
    await oracle.expectSame(TABLE, versions, orders);
    await oracle.expectSame(TABLE, [{}]);
  });

  it('is what Spark reads at each time', async () => {
    const history = await oracle.tables.history(oracle.pathOf(TABLE), newest + 1);
    const times = [history[0], history[4]].flatMap((commit) =>
      [-1, 0].map((ms) => new Date((commit?.timestamp.getTime() ?? 0) + ms)),
    );
    await oracle.expectSame(
      TABLE,
      times.map((time) => ({ time })),
    );
  });
});
