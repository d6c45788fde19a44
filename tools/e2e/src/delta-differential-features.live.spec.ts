import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeltaOracle } from './delta-oracle';

jest.setTimeout(120_000);

/** What a table may need of its readers, and how Spark makes such a table of one with the columns `id` and `name`. */
const NEEDS = {
  columnMapping: (table: string) => [
    `ALTER TABLE ${table} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')`,
    `ALTER TABLE ${table} RENAME COLUMN name TO title`,
  ],
  v2Checkpoint: (table: string) => [
    `ALTER TABLE ${table} SET TBLPROPERTIES ('delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '2')`,
    `INSERT INTO ${table} SELECT id + 100, name, small FROM ${table}`,
  ],
  typeWidening: (table: string) => [
    `ALTER TABLE ${table} SET TBLPROPERTIES ('delta.enableTypeWidening' = true)`,
    `ALTER TABLE ${table} ALTER COLUMN small TYPE BIGINT`,
  ],
  variantType: (table: string) => [
    `ALTER TABLE ${table} ADD COLUMN odd VARIANT`,
    `INSERT INTO ${table} SELECT 100, 'v', 1, parse_json('{"a": 1}')`,
  ],
};

/** Features of writers, and of time travel, which change no row. */
const HARMLESS = (table: string) => [
  `ALTER TABLE ${table} ADD CONSTRAINT positive CHECK (id >= 0)`,
  `ALTER TABLE ${table} SET TBLPROPERTIES ('delta.enableChangeDataFeed' = true, 'delta.enableInCommitTimestamps' = true,
     'delta.feature.allowColumnDefaults' = 'supported', 'delta.feature.timestampNtz' = 'supported')`,
  `UPDATE ${table} SET name = 'changed' WHERE id = 5`,
  `ALTER TABLE ${table} ALTER COLUMN name SET DEFAULT 'none'`,
  `INSERT INTO ${table} (id) VALUES (51)`,
  `ALTER TABLE ${table} ADD COLUMN local TIMESTAMP_NTZ`,
  `INSERT INTO ${table} VALUES (52, 'local', 1, TIMESTAMP_NTZ '2025-01-01 00:00:00.000001')`,
];

describe('what a table needs of its readers', () => {
  let oracle: DeltaOracle;

  beforeAll(async () => {
    oracle = await DeltaOracle.open();
  });

  afterAll(() => oracle.close());

  async function makeTable(name: string, properties = "'delta.appendOnly' = false"): Promise<string> {
    const table = oracle.named(name);
    await oracle.run(
      `CREATE TABLE ${table} USING delta TBLPROPERTIES (${properties}) AS SELECT id, concat('n', id) AS name, CAST(id AS INT) AS small FROM range(0, 20, 1, 1)`,
    );
    return table;
  }

  it.each(Object.entries(NEEDS))(
    'is refused by the name of %s, and read as it was before',
    async (feature, statementsOf) => {
      const table = await makeTable(feature);
      await oracle.run(...statementsOf(table));
      await expect(oracle.snapshot(feature)).rejects.toMatchObject({
        reason: 'UNSUPPORTED_TABLE',
        features: expect.arrayContaining([expect.stringContaining(feature)]) as string[],
      });
      await oracle.expectSame(feature, [{ version: 0 }]);
    },
  );

  it('is nothing where only writers must know a feature', async () => {
    const table = await makeTable('harmless', "'delta.enableRowTracking' = true");
    await oracle.run(...HARMLESS(table));
    const { version: newest } = await oracle.snapshot('harmless');
    const versions = Array.from({ length: newest + 1 }, (_, version) => ({ version }));
    await oracle.expectSame('harmless', versions);
    const history = await oracle.tables.history(oracle.pathOf('harmless'), newest + 1);
    // With in-commit timestamps from version 2 on, and without before.
    const times = history
      .filter(({ version }) => [1, 2, 4].includes(version))
      .map(({ timestamp }) => timestamp);
    await oracle.expectSame(
      'harmless',
      times.map((time) => ({ time })),
    );
  });

  it('is told by the name of a checkpoint that only a newer reader can read', async () => {
    const table = await makeTable('only-v2');
    await oracle.run(...NEEDS.v2Checkpoint(table));
    const log = join(oracle.pathOf('only-v2'), '_delta_log');
    const names = await readdir(log);
    expect(names.filter((name) => /^\d{20}\.checkpoint\..*(json|parquet)$/.test(name))).toHaveLength(1);
    await rm(join(log, `${'0'.repeat(20)}.json`));
    const refusal = { reason: 'UNSUPPORTED_TABLE', features: ['v2Checkpoint'] };
    await expect(oracle.snapshot('only-v2')).rejects.toMatchObject(refusal);
  });

  it('is gone once Spark has dropped deletion vectors', async () => {
    const table = await makeTable('dropped', "'delta.enableDeletionVectors' = true");
    await oracle.run(`DELETE FROM ${table} WHERE id = 3`);
    const refusal = { reason: 'UNSUPPORTED_TABLE', features: ['deletionVectors'] };
    await expect(oracle.snapshot('dropped')).rejects.toMatchObject(refusal);
    await oracle.run(
      `ALTER TABLE ${table} SET TBLPROPERTIES ('delta.enableDeletionVectors' = false)`,
      `REORG TABLE ${table} APPLY (PURGE)`,
      `ALTER TABLE ${table} DROP FEATURE deletionVectors`,
    );
    await oracle.expectSame('dropped', [{}]);
    await expect(oracle.snapshot('dropped', { version: 1 })).rejects.toMatchObject(refusal);
  });
});
