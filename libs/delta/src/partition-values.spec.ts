import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';

describe('values of partition columns', () => {
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  useDeltaTable('partition values', (used) => ({ tables, table } = used));

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
