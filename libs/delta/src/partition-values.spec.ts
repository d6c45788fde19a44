import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from './delta-tables';
import { DeltaTableFixture, metadataAction, protocolAction } from './fixtures';

describe('values of partition columns', () => {
  let folder: string;
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'partition values '));
    tables = DeltaTables.open({ root: folder });
    table = await DeltaTableFixture.create(join(folder, 'table'));
  });

  afterEach(async () => {
    table.close();
    await tables.close();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['binary', 'é', '"w6k="'],
    ['binary', '\\x61', '"XHg2MQ=="'],
    ['binary', '', 'null'],
    ['timestamp', '2025-01-02 03:04:05.5', '"2025-01-02T03:04:05.500Z"'],
    ['timestamp', '2025-01-02T03:04:05.000006Z', '"2025-01-02T03:04:05.000006Z"'],
    ['double', '-Infinity', '"-Infinity"'],
    ['boolean', 'false', 'false'],
    ['decimal(12,2)', '-12.30', '-12.30'],
  ])('of type %s that the log spells %j are %s', async (type, text, json) => {
    const schema = metadataAction({ id: 'long', key: type }, { partitionColumns: ['key'] });
    const file = await table.data('a.parquet', 'SELECT 1::BIGINT AS id', { key: text });
    await table.commit(0, [protocolAction(), schema, file]);
    const snapshot = await tables.openSnapshot(table.path);
    const request = { columns: ['key'], order: [], limit: 1, offset: 0 };
    const { bytes } = await tables.readPage(snapshot, request);
    expect(String(bytes)).toBe(`[{"key":${json}}]`);
  });
});
