import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';

let tables: DeltaTables;
let table: DeltaTableFixture;

useDeltaTable('csv rows', (used) => ({ tables, table } = used));

it('empty bytes and texts are told from nulls', async () => {
  const sql = "SELECT * FROM (VALUES (''::BLOB, ''), (NULL, NULL), ('a'::BLOB, 'a')) AS rows(bytes, text)";
  const file = await table.data('a.parquet', sql);
  await table.commit(0, [protocolAction(), metadataAction({ bytes: 'binary', text: 'string' }), file]);
  const snapshot = await tables.openSnapshot(table.path);
  const { rows, bytes } = await tables.readPage(snapshot, { order: [], limit: 3, offset: 0 }, 'csv');
  expect([rows, String(bytes)]).toEqual([3, '"",""\r\n,\r\n"YQ==","a"\r\n']);
});
