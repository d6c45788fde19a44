import { rm, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { useDeltaTable } from './fixtures/use-delta-table';
import { commitPath } from './log/log-file-name';

const START = [protocolAction(), metadataAction({ id: 'long' })];
const MORNING = new Date('2025-01-15T08:00:00.500Z');
const later = (ms: number) => new Date(MORNING.getTime() + ms);

describe('the version at a time', () => {
  let tables: DeltaTables;
  let table: DeltaTableFixture;

  useDeltaTable('time travel', (used) => ({ tables, table } = used));

  beforeEach(async () => {
    for (const [version, written] of [later(0), later(1_000), later(2_000)].entries()) {
      await table.commit(version, version === 0 ? START : [{ commitInfo: { operation: 'WRITE' } }]);
      await utimes(join(table.path, commitPath(version)), written, written);
    }
  });

  const versionAt = async (time: Date) => (await tables.openSnapshot(table.path, { time })).version;

  it.each([
    [0, 0],
    [999, 0],
    [1_000, 1],
    [1_750, 1],
    [2_000, 2],
  ])('%d ms after the first commit is %d', async (ms, version) => {
    expect(await versionAt(later(ms))).toBe(version);
  });

  it.each([-1, 2_001])('is none %d ms after the first commit, and says what there is', async (ms) => {
    await expect(versionAt(later(ms))).rejects.toMatchObject({
      reason: 'TIME_NOT_FOUND',
      oldest: later(0),
      newest: later(2_000),
    });
  });

  it('goes by times that never go back', async () => {
    await utimes(join(table.path, commitPath(2)), later(250), later(250));
    expect(await versionAt(later(1_000))).toBe(1);
    expect(await versionAt(later(1_001))).toBe(2);
  });

  it('goes by the time in the commit where there is one', async () => {
    await table.commit(2, [{ commitInfo: { inCommitTimestamp: later(5_000).getTime() } }]);
    expect(await versionAt(later(4_999))).toBe(1);
    expect(await versionAt(later(5_000))).toBe(2);
  });

  it('begins where the log can still give a state', async () => {
    await table.checkpoint(1, START);
    await unlink(join(table.path, commitPath(0)));
    expect(await versionAt(later(1_500))).toBe(1);
    await expect(versionAt(later(500))).rejects.toMatchObject({ oldest: later(1_000) });
    await rm(join(table.path, '_delta_log', `${'1'.padStart(20, '0')}.checkpoint.parquet`));
    await expect(versionAt(later(1_500))).rejects.toMatchObject({ reason: 'TIME_NOT_FOUND' });
  });
});
