import { DeltaOracle, ascending, descending } from './delta-oracle';
import type { TableContents } from './delta-oracle';

jest.setTimeout(120_000);

const TABLE = 'written';
const ROWS = 11_000;

describe('a table that is written while it is read', () => {
  let oracle: DeltaOracle;

  beforeAll(async () => {
    oracle = await DeltaOracle.open();
    await oracle.run(
      `CREATE TABLE ${oracle.named(TABLE)} USING delta TBLPROPERTIES ('delta.checkpointInterval' = '2') AS
         SELECT id, (id * 7919) % 10007 AS mixed, CAST(id % 2 AS STRING) AS name FROM range(0, ${ROWS}, 1, 4)`,
    );
  });

  afterAll(() => oracle.close());

  async function write(): Promise<void> {
    const table = oracle.named(TABLE);
    const more = `SELECT id, id % 97 AS mixed, 'more' AS name FROM range(20000, 20300)`;
    await oracle.run(
      `INSERT INTO ${table} ${more}`,
      `OPTIMIZE ${table} ZORDER BY (mixed)`,
      `INSERT OVERWRITE ${table} SELECT * FROM ${table} WHERE id < 5000`,
    );
  }

  it('gives the rows of the pinned version on every page, and of each newer one when that is asked for', async () => {
    const pinned = await oracle.snapshot(TABLE);
    const [before] = await oracle.bySpark(TABLE, [{ version: pinned.version }], [pinned]);
    const orders = [[ascending('mixed'), ascending('id')], [], [descending('id')]];
    const seen = new Map<number, TableContents>();
    let readings = 0;
    const writer = { isBusy: true };
    const writing = write().finally(() => (writer.isBusy = false));
    while (writer.isBusy) {
      const order = orders[readings % orders.length] ?? [];
      expect(await oracle.byPages(pinned, order)).toEqual(before);
      const newest = await oracle.snapshot(TABLE);
      const contents = await oracle.byPages(newest, order);
      expect(contents).toEqual(seen.get(newest.version) ?? contents);
      seen.set(newest.version, contents);
      readings += 1;
    }
    await writing;
    const versions = [...seen.keys()].map((version) => ({ version }));
    const snapshots = await Promise.all(versions.map((at) => oracle.snapshot(TABLE, at)));
    expect([...seen.values()]).toEqual(await oracle.bySpark(TABLE, versions, snapshots));
    expect(readings).toBeGreaterThan(1);
    expect((await oracle.snapshot(TABLE)).version).toBe(3);
  });
});
