import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from './delta-tables';
import { DeltaTableFixture, metadataAction, protocolAction } from './fixtures';

let folder: string;
let tables: DeltaTables;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compare '));
  tables = DeltaTables.open({ root: folder });
});

afterEach(async () => {
  await tables.close();
  await rm(folder, { recursive: true });
});

async function tableOf(name: string, type: string, sqlType: string, value: string) {
  const table = await DeltaTableFixture.create(join(folder, name));
  const schema = metadataAction({ id: 'integer', number: type });
  const data = await table.data('a.parquet', `SELECT 1 AS id, '${value}'::${sqlType} AS number`);
  await table.commit(0, [protocolAction(), schema, data]);
  table.close();
  return tables.openSnapshot(table.path);
}

it.each([
  // Two numbers that are one as doubles.
  ['long', 'BIGINT', '9007199254740992', '9007199254740993', '1', '1.1102230246251565e-14'],
  ['integer', 'INTEGER', '-2147483648', '2147483647', '4294967295', '199.99999995343387'],
  ['decimal(2,2)', 'DECIMAL(2,2)', '-0.99', '0.99', '1.98', '200.0'],
  ['decimal(2,2)', 'DECIMAL(2,2)', '0.50', '0.25', '-0.25', '-50.0'],
  ['decimal(38,38)', 'DECIMAL(38,38)', '0', '0.5', `0.5${'0'.repeat(37)}`, 'null'],
  ['decimal(38,0)', 'DECIMAL(38,0)', `-${'9'.repeat(38)}`, '9'.repeat(38), 'null', 'null'],
])('of %s the change is exact', async (type, sqlType, before, after, change, percent) => {
  const snapshots = [
    await tableOf('before', type, sqlType, before),
    await tableOf('after', type, sqlType, after),
  ] as const;
  const { rows } = await tables.compare(...snapshots, { keys: ['id'], limit: 1, offset: 0 });
  expect(rows[0]).toContain(`"change":${change},"changePercent":${percent}}`);
});
