import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';

describe('countBy', () => {
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  useDeltaTable('delta counts', (used) => ({ tables, table } = used));

  it('counts the rows of each value over all files, most first, equal counts by value', async () => {
    const some = await table.data('some.parquet', "SELECT unnest(['b', 'c', NULL, 'a']) AS reason");
    const more = await table.data('more.parquet', "SELECT unnest(['c', 'b', 'c']) AS reason");
    await table.commit(0, [protocolAction(), metadataAction({ reason: 'string' }), some, more]);
    expect(await tables.countBy(await tables.openSnapshot(table.path), 'reason')).toEqual([
      { value: 'c', rows: 3 },
      { value: 'b', rows: 2 },
      { value: 'a', rows: 1 },
      { value: null, rows: 1 },
    ]);
  });

  it('counts by a column that only the log has, whatever the files call theirs', async () => {
    const schema = { day: 'date', file_index: 'long', file_row_number: 'long' };
    const sql = 'SELECT 7::BIGINT AS file_index, 7::BIGINT AS file_row_number FROM range(3)';
    const first = await table.data('a.parquet', sql, { day: '2025-01-15' });
    const second = await table.data('b.parquet', sql, { day: null });
    const metadata = metadataAction(schema, { partitionColumns: ['day'] });
    await table.commit(0, [protocolAction(), metadata, first, second]);
    expect(await tables.countBy(await tables.openSnapshot(table.path), 'day')).toEqual([
      { value: '2025-01-15', rows: 3 },
      { value: null, rows: 3 },
    ]);
  });

  it('has nothing to count in an empty table', async () => {
    await table.commit(0, [protocolAction(), metadataAction({ reason: 'string' })]);
    expect(await tables.countBy(await tables.openSnapshot(table.path), 'reason')).toEqual([]);
  });

  it('refuses a column that the table does not have', async () => {
    const some = await table.data('some.parquet', "SELECT 'a' AS reason");
    await table.commit(0, [protocolAction(), metadataAction({ reason: 'string' }), some]);
    const snapshot = await tables.openSnapshot(table.path);
    await expect(tables.countBy(snapshot, 'cause')).rejects.toMatchObject({ reason: 'UNKNOWN_COLUMN' });
  });
});
