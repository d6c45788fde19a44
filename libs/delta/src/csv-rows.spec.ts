import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from './delta-tables';
import { DeltaTableFixture, metadataAction, protocolAction } from './fixtures';

let folder: string;
let tables: DeltaTables;
let table: DeltaTableFixture;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv rows '));
  tables = DeltaTables.open({ root: folder });
  table = await DeltaTableFixture.create(join(folder, 'table'));
});

afterEach(async () => {
  table.close();
  await tables.close();
  await rm(folder, { recursive: true });
});

it('empty bytes and texts are told from nulls', async () => {
  const sql = "SELECT * FROM (VALUES (''::BLOB, ''), (NULL, NULL), ('a'::BLOB, 'a')) AS rows(bytes, text)";
  const file = await table.data('a.parquet', sql);
  await table.commit(0, [protocolAction(), metadataAction({ bytes: 'binary', text: 'string' }), file]);
  const snapshot = await tables.openSnapshot(table.path);
  const { rows, bytes } = await tables.readPage(snapshot, { order: [], limit: 3, offset: 0 }, 'csv');
  expect([rows, String(bytes)]).toEqual([3, '"",""\r\n,\r\n"YQ==","a"\r\n']);
});
