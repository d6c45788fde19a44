import { symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DeltaTables } from './delta-tables';
import { DeltaTableFixture, addAction, metadataAction, protocolAction, removeAction } from './fixtures';
import type { FixtureAction } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';
import { checkpointPaths, commitPath } from './log/log-file-name';

describe('openSnapshot', () => {
  let folder: string;
  let root: string;
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  useDeltaTable('delta spec [1]', (used) => ({ folder, root, tables, table } = used));

  const start = (...actions: FixtureAction[]) => [
    protocolAction(),
    metadataAction({ id: 'long' }),
    ...actions,
  ];
  const paths = async (version?: number) =>
    (await tables.openSnapshot(table.path, version === undefined ? {} : { version })).files.map(
      (file) => file.path,
    );

  it('replays the commits up to the version that is asked for', async () => {
    await table.commit(0, start(addAction('a'), addAction('b')));
    await table.commit(1, [removeAction('a'), addAction('c')]);
    await table.commit(2, [removeAction('c')]);
    await table.commit(3, [addAction('a')]);
    expect(await paths(0)).toEqual(['a', 'b']);
    expect(await paths(1)).toEqual(['b', 'c']);
    expect(await paths(2)).toEqual(['b']);
    expect(await paths()).toEqual(['a', 'b']);
  });

  it('takes the latest metadata and ignores actions and fields that it does not know', async () => {
    await table.commit(0, start(addAction('a', { later: { x: 1 } }), { commitInfo: { operation: 'WRITE' } }));
    await table.commit(1, [metadataAction({ id: 'long', city: 'string' }), { tomorrow: {} }]);
    const snapshot = await tables.openSnapshot(table.path);
    expect(snapshot.schema.map((field) => field.name)).toEqual(['id', 'city']);
    expect(snapshot.version).toBe(1);
  });

  it('decodes partition values: the empty text is null', async () => {
    const metadata = metadataAction({ day: 'date', id: 'long' }, { partitionColumns: ['day'] });
    const files = ['2025-01-01', '', null].map((day, index) =>
      addAction(`f${String(index)}`, { partitionValues: { day } }),
    );
    await table.commit(0, [protocolAction(), metadata, ...files]);
    const snapshot = await tables.openSnapshot(table.path);
    expect(snapshot.files.map((file) => file.partitionValues['day'])).toEqual(['2025-01-01', null, null]);
  });

  it.each([1, 3])(
    'starts from a checkpoint of %d part(s) when the commits before it are gone',
    async (parts) => {
      const statistics = { stats_parsed: { numRecords: 7, minValues: { price: 'NaN' } } };
      await table.checkpoint(
        4,
        start(addAction('a', { numRecords: 7, ...statistics }), addAction('b')),
        parts,
      );
      await table.commit(5, [removeAction('b'), addAction('c')]);
      await table.write('_delta_log/_last_checkpoint', '{"version": 99, "si');
      const snapshot = await tables.openSnapshot(table.path);
      expect(snapshot.files.map(({ path, numRecords }) => [path, numRecords])).toEqual([
        ['a', 7],
        ['c', undefined],
      ]);
      expect(await paths(4)).toEqual(['a', 'b']);
      await expect(tables.openSnapshot(table.path, { version: 3 })).rejects.toMatchObject({
        reason: 'VERSION_NOT_FOUND',
        version: 3,
        latestVersion: 5,
      });
    },
  );

  it('passes over a checkpoint that it cannot read, as long as the commits tell the same', async () => {
    await table.commit(0, start(addAction('a')));
    await table.commit(1, [addAction('b')]);
    await table.write(checkpointPaths(1, 1)[0] ?? '', 'not Parquet');
    expect(await paths()).toEqual(['a', 'b']);
    await unlink(join(table.path, commitPath(0)));
    const other = DeltaTables.open({ root });
    await expect(other.openSnapshot(table.path)).rejects.toMatchObject({ reason: 'CORRUPT_LOG' });
    await other.close();
  });

  it('ignores an incomplete multi-part checkpoint', async () => {
    await table.commit(0, start(addAction('a')));
    await table.checkpoint(0, start(addAction('wrong')), 3);
    await unlink(join(table.path, checkpointPaths(0, 3)[1] ?? ''));
    expect(await paths()).toEqual(['a']);
  });

  it('refuses a log with a gap', async () => {
    await table.commit(0, start());
    await table.commit(2, []);
    await expect(tables.openSnapshot(table.path)).rejects.toMatchObject({
      reason: 'CORRUPT_LOG',
      what: 'commit 1 is missing',
    });
  });

  it.each([1, -1, 0.5, Number.NaN])('says that there is no version %d', async (version) => {
    await table.commit(0, start());
    await expect(tables.openSnapshot(table.path, { version })).rejects.toMatchObject({
      reason: 'VERSION_NOT_FOUND',
    });
  });

  it.each([
    ['a torn action', '{"add":{"path":"a"'],
    ['a number instead of an action', '7'],
    ['an add without a path', '{"add":{"size":1}}'],
  ])('refuses a commit with %s', async (_what, line) => {
    await table.commit(0, start());
    await table.write(commitPath(1), line);
    await expect(tables.openSnapshot(table.path)).rejects.toMatchObject({ reason: 'CORRUPT_LOG' });
  });

  it('refuses a log without protocol or metadata', async () => {
    await table.commit(0, [addAction('a')]);
    await expect(tables.openSnapshot(table.path)).rejects.toMatchObject({ reason: 'CORRUPT_LOG' });
  });

  it.each<[string, FixtureAction[], string[]]>([
    ['deletion vectors', [protocolAction(3, ['deletionVectors']), metadataAction({})], ['deletionVectors']],
    [
      'deletion vectors of a file',
      start(addAction('a', { deletionVector: { storageType: 'u' } })),
      ['deletionVectors'],
    ],
    ['column mapping', [protocolAction(2), metadataAction({})], ['columnMapping']],
    [
      'column mapping by name',
      [protocolAction(), metadataAction({}, { configuration: { 'delta.columnMapping.mode': 'name' } })],
      ['columnMapping'],
    ],
    [
      'several features at once',
      [protocolAction(3, ['v2Checkpoint', 'timestampNtz', 'fromTheFuture']), metadataAction({})],
      ['v2Checkpoint', 'fromTheFuture'],
    ],
    ['a newer protocol', [protocolAction(4), metadataAction({})], ['minReaderVersion 4']],
    ['a type it does not know', [protocolAction(), metadataAction({ v: 'variant' })], ['type variant']],
  ])('refuses %s by name', async (_what, actions, features) => {
    await table.commit(0, actions);
    await expect(tables.openSnapshot(table.path)).rejects.toMatchObject({
      reason: 'UNSUPPORTED_TABLE',
      features,
    });
  });

  it('names V2 checkpoints when nothing else is left of the log', async () => {
    const name = `${commitPath(8).replace('.json', '')}.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json`;
    await table.write(name, '{}');
    const features = { reason: 'UNSUPPORTED_TABLE', features: ['v2Checkpoint'] };
    await expect(tables.openSnapshot(table.path)).rejects.toMatchObject(features);
    await table.commit(9, []);
    await expect(tables.openSnapshot(table.path)).rejects.toMatchObject(features);
  });

  it.each(['../other/a', '%2e%2e%2fother/a', '/etc/passwd', 'file:///etc/passwd'])(
    'refuses a file outside the table: %s',
    async (path) => {
      await table.commit(0, start(addAction(path)));
      await expect(tables.openSnapshot(table.path)).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
    },
  );

  it('refuses a table outside the root, however it is spelled', async () => {
    const outside = await DeltaTableFixture.create(join(folder, 'outside'));
    await outside.commit(0, start());
    outside.close();
    await symlink(outside.path, join(root, 'link'));
    const spellings = [
      outside.path,
      `${root}/../outside`,
      pathToFileURL(outside.path).href,
      join(root, 'link'),
      `${root}-other/table`,
      's3a://bucket/table',
      `${root}/\0`,
    ];
    for (const path of spellings) {
      await expect(tables.openSnapshot(path)).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
    }
  });

  it('takes a file URI, and gives every spelling of a table one address', async () => {
    await table.commit(0, start());
    const plain = await tables.openSnapshot(table.path);
    expect(await tables.openSnapshot(pathToFileURL(table.path).href)).toBe(plain);
    expect(await tables.openSnapshot(`${root}/x/../table/`, { version: 0n })).toBe(plain);
  });

  it('says that there is no table where there is no folder or no log', async () => {
    await expect(tables.openSnapshot(join(root, 'absent'))).rejects.toMatchObject({
      reason: 'TABLE_NOT_FOUND',
    });
    await expect(tables.openSnapshot(table.path)).rejects.toMatchObject({ reason: 'TABLE_NOT_FOUND' });
  });
});
