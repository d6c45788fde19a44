import { mkdir, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeltaTables } from './delta-tables';
import { addAction, metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';
import { commitPath } from './log/log-file-name';

describe('what a table tells beside its rows', () => {
  let folder: string;
  let root: string;
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  useDeltaTable('delta commits', (used) => ({ folder, root, tables, table } = used));

  const start = [protocolAction(), metadataAction({ id: 'long' })];

  describe('commitInfos', () => {
    it('tells when, how and with what words each commit was made, newest first', async () => {
      const info = {
        timestamp: 1_736_937_000_123,
        operation: 'WRITE',
        operationMetrics: { numOutputRows: '7', numFiles: 2 },
        userMetadata: '{"step":"raw"}',
      };
      await table.commit(0, [{ commitInfo: info }, ...start]);
      await table.commit(1, [{ commitInfo: { timestamp: 1_736_940_600_000, operation: 'OPTIMIZE' } }]);
      expect(await tables.commitInfos(table.path)).toEqual([
        {
          version: 1,
          timestamp: new Date('2025-01-15T11:30:00.000Z'),
          operation: 'OPTIMIZE',
          operationMetrics: {},
          userMetadata: undefined,
        },
        {
          version: 0,
          timestamp: new Date('2025-01-15T10:30:00.123Z'),
          operation: 'WRITE',
          operationMetrics: { numOutputRows: '7', numFiles: '2' },
          userMetadata: '{"step":"raw"}',
        },
      ]);
    });

    it('takes the time in the commit over the clock of the writer', async () => {
      await table.commit(0, [{ commitInfo: { timestamp: 1, inCommitTimestamp: 86_400_000 } }, ...start]);
      expect((await tables.commitInfos(table.path))[0]?.timestamp).toEqual(new Date('1970-01-02T00:00:00Z'));
    });

    it('finds the words of a commit wherever they stand, and misses none that were never written', async () => {
      await table.commit(0, [...start, { commitInfo: { userMetadata: 'last' } }]);
      await table.commit(1, [addAction('a')]);
      const infos = await tables.commitInfos(table.path);
      expect(infos.map(({ userMetadata }) => userMetadata)).toEqual([undefined, 'last']);
      expect(infos[0]).toMatchObject({ timestamp: undefined, operation: undefined, operationMetrics: {} });
    });

    it('reads the first line of a commit however much comes after it', async () => {
      const line = JSON.stringify({ commitInfo: { userMetadata: 'x'.repeat(200_000) } });
      await table.write(commitPath(0), `${line}\n${'{"add":'.repeat(100_000)}`);
      expect((await tables.commitInfos(table.path))[0]?.userMetadata).toHaveLength(200_000);
    });

    it('reads no more commits than asked for', async () => {
      for (const version of [0, 1, 2, 3]) await table.commit(version, version === 0 ? start : []);
      const infos = await tables.commitInfos(table.path, 2);
      expect(infos.map(({ version }) => version)).toEqual([3, 2]);
    });

    it.each(['{"commitInfo":{"timest', '7'])('says that a commit is damaged: %s', async (line) => {
      await table.write(commitPath(0), line);
      await expect(tables.commitInfos(table.path)).rejects.toMatchObject({ reason: 'CORRUPT_LOG' });
    });

    it('says that there is no table without a commit', async () => {
      await expect(tables.commitInfos(table.path)).rejects.toMatchObject({ reason: 'TABLE_NOT_FOUND' });
    });
  });

  describe('damagedFiles', () => {
    it('names the files that are gone or cut, and none while all is well', async () => {
      const files = await Promise.all(
        ['a b.parquet', 'b.parquet', 'c.parquet'].map((name) => table.data(name, 'SELECT 1::BIGINT AS id')),
      );
      await table.commit(0, [...start, ...files]);
      const snapshot = await tables.openSnapshot(table.path);
      expect(await tables.damagedFiles(snapshot)).toEqual([]);
      await unlink(join(table.path, 'a b.parquet'));
      await truncate(join(table.path, 'c.parquet'), 5);
      expect(await tables.damagedFiles(snapshot)).toEqual(['a b.parquet', 'c.parquet']);
      expect(await tables.damagedFiles(snapshot, 1)).toEqual(['a b.parquet']);
    });
  });

  describe('listFolders', () => {
    it('names the folders and neither files nor links', async () => {
      await mkdir(join(root, 'batches', 'one'), { recursive: true });
      await mkdir(join(root, 'batches', 'two'));
      await writeFile(join(root, 'batches', 'file'), '');
      await symlink(join(root, 'table'), join(root, 'batches', 'link'));
      expect((await tables.listFolders(join(root, 'batches'))).sort()).toEqual(['one', 'two']);
    });

    it('is empty where nothing is, and refuses what lies outside', async () => {
      expect(await tables.listFolders(join(root, 'absent'))).toEqual([]);
      await symlink(folder, join(root, 'out'));
      for (const path of [folder, join(root, 'out')]) {
        await expect(tables.listFolders(path)).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
      }
    });
  });
});
