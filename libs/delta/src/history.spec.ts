import { unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture, FixtureAction } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';
import { commitPath } from './log/log-file-name';

const START = [protocolAction(), metadataAction({ id: 'long' })];
/** With quarters of seconds only: Node hands over times as fractions of seconds, and others would be cut. */
const MORNING = new Date('2025-01-15T08:00:00.500Z');

describe('the history of a table', () => {
  let root: string;
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  useDeltaTable('delta history', (used) => ({ root, tables, table } = used));

  /** A commit whose file is as old as told. */
  async function commit(version: number, actions: readonly FixtureAction[], written: Date): Promise<void> {
    await table.commit(version, actions);
    await utimes(join(table.path, commitPath(version)), written, written);
  }

  const later = (ms: number) => new Date(MORNING.getTime() + ms);
  const times = async () => (await tables.history(table.path, 10)).map(({ timestamp }) => timestamp);

  it('tells what each commit did, newest first, at the time its file was written', async () => {
    const operationParameters = { mode: 'Append', partitionBy: '["event_date"]', statsOnLoad: false };
    const commitInfo = {
      timestamp: 1,
      operation: 'WRITE',
      operationParameters,
      userMetadata: '{"step":"raw"}',
    };
    await commit(0, [{ commitInfo }, ...START], MORNING);
    await commit(
      1,
      [{ commitInfo: { operation: 'OPTIMIZE', operationMetrics: { numRemovedFiles: '7' } } }],
      later(250),
    );
    expect(await tables.history(table.path, 10)).toEqual([
      {
        version: 1,
        timestamp: later(250),
        operation: 'OPTIMIZE',
        operationParameters: {},
        operationMetrics: { numRemovedFiles: '7' },
        userMetadata: undefined,
      },
      {
        version: 0,
        timestamp: MORNING,
        operation: 'WRITE',
        operationParameters: { mode: 'Append', partitionBy: '["event_date"]', statsOnLoad: 'false' },
        operationMetrics: {},
        userMetadata: '{"step":"raw"}',
      },
    ]);
  });

  it('never goes back in time, as Delta does not', async () => {
    await commit(0, START, MORNING);
    await commit(1, [], MORNING);
    await commit(2, [], later(-1_000));
    await commit(3, [], later(500));
    expect(await times()).toEqual([later(500), later(2), later(1), MORNING]);
  });

  it('goes by the time in the commit where there is one', async () => {
    await commit(0, [{ commitInfo: { inCommitTimestamp: 86_400_000 } }, ...START], MORNING);
    expect(await times()).toEqual([new Date('1970-01-02T00:00:00Z')]);
  });

  it('is no longer than asked for, and has only what was not cleaned up', async () => {
    for (const version of [0, 1, 2, 3])
      await commit(version, version === 0 ? START : [], later(version * 250));
    await unlink(join(table.path, commitPath(0)));
    const versions = async (limit: number) =>
      (await tables.history(table.path, limit)).map(({ version }) => version);
    expect(await versions(2)).toEqual([3, 2]);
    expect(await versions(10)).toEqual([3, 2, 1]);
  });

  it('is not there without a table', async () => {
    await expect(tables.history(table.path, 10)).rejects.toMatchObject({ reason: 'TABLE_NOT_FOUND' });
    await expect(tables.history(join(root, 'none'), 10)).rejects.toMatchObject({
      reason: 'TABLE_NOT_FOUND',
    });
  });
});
