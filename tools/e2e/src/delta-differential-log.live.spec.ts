import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import { DeltaTableFixture, metadataAction, protocolAction, removeAction } from '@millrace/delta/fixtures';
import type { FixtureAction } from '@millrace/delta/fixtures';
import { DeltaOracle, ascending } from './delta-oracle';

jest.setTimeout(180_000);

const TABLE = 'long-log';
const FILES = 64;
const ROWS_OF_A_FILE = 10;
const DAY_MS = 86_400_000;
/** From the first commit to the last: twice as long as the log is kept. */
const SPAN_MS = 60 * DAY_MS;
const KEPT = {
  'delta.logRetentionDuration': 'interval 30 days',
  // Spark travels no further back.
  'delta.deletedFileRetentionDuration': 'interval 90 days',
};
const COMMITS = 5_000;
const CLEANED_UP_FROM = 2_001;
const WRITTEN_AT_ONCE = 100;

const metadata = (configuration: Readonly<Record<string, string>>) =>
  metadataAction({ id: 'long', name: 'string' }, { configuration });

const nameOf = (version: number) => String(version).padStart(20, '0');

const BEGIN = Date.now() - SPAN_MS;
/** Commits are spread evenly. */
const timeOf = (version: number) => new Date(BEGIN + Math.floor((version * SPAN_MS) / (COMMITS + 10)));

describe('a table of thousands of commits', () => {
  let oracle: DeltaOracle;
  let fixture: DeltaTableFixture;
  let files: readonly FixtureAction[];

  const logFolder = () => join(oracle.pathOf(TABLE), '_delta_log');

  async function setTimes(version: number, names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => utimes(join(logFolder(), name), timeOf(version), timeOf(version))));
  }

  /** Each commit takes a file in or out, so that no two versions near each other have the same rows. */
  function changeOf(version: number): FixtureAction {
    const file = files[version % FILES] ?? {};
    const isAdded = Math.floor(version / FILES) % 2 === 0;
    return isAdded ? file : removeAction(`part-${version % FILES}.parquet`);
  }

  function actionsOf(version: number): FixtureAction[] {
    if (version === 0)
      return [protocolAction(), metadata({ ...KEPT, 'delta.enableExpiredLogCleanup': 'false' })];
    return version === CLEANED_UP_FROM ? [metadata(KEPT), changeOf(version)] : [changeOf(version)];
  }

  /** Commits, and beside them a file of them all, which Spark reads instead and our reader passes over. */
  async function commits(first: number, last: number): Promise<void> {
    const versions = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    for (let from = 0; from < versions.length; from += WRITTEN_AT_ONCE) {
      await Promise.all(
        versions.slice(from, from + WRITTEN_AT_ONCE).map(async (version) => {
          const timestamp = timeOf(version).getTime();
          const info = { commitInfo: { timestamp, operation: 'WRITE', operationParameters: {} } };
          await fixture.commit(version, [info, ...actionsOf(version)]);
          await setTimes(version, [`${nameOf(version)}.json`]);
        }),
      );
    }
    const metadataActions = versions
      .filter((version) => [0, CLEANED_UP_FROM].includes(version))
      .flatMap(actionsOf);
    const lastOfFiles = versions.filter((version) => version > 0).slice(-FILES);
    const all = [
      ...metadataActions.filter((it) => !('add' in it || 'remove' in it)),
      ...lastOfFiles.map(changeOf),
    ];
    const compacted = `${nameOf(first)}.${nameOf(last)}.compacted.json`;
    await fixture.write(`_delta_log/${compacted}`, all.map((action) => JSON.stringify(action)).join('\n'));
    await setTimes(last, [compacted]);
  }

  /** A commit by Spark, which makes a checkpoint of every tenth version and cleans up behind it. */
  async function commitBySpark(version: number): Promise<void> {
    await oracle.run(`INSERT INTO ${oracle.named(TABLE)} VALUES (${1_000_000 + version}, 'by Spark')`);
    const names = await readdir(logFolder());
    await setTimes(
      version,
      names.filter((name) => name.startsWith(nameOf(version))),
    );
  }

  beforeAll(async () => {
    oracle = await DeltaOracle.open();
    fixture = await DeltaTableFixture.create(oracle.pathOf(TABLE));
    const rows = (file: number) =>
      `SELECT range AS id, 'n' || range % 7 AS name FROM range(${file * ROWS_OF_A_FILE}, ${(file + 1) * ROWS_OF_A_FILE})`;
    files = await Promise.all(
      Array.from({ length: FILES }, (_, file) => fixture.data(`part-${file}.parquet`, rows(file))),
    );
  });

  afterAll(async () => {
    fixture.close();
    await oracle.close();
  });

  const orders = [[], [ascending('name')]];
  const parts = [1, 2, 3, 4].map((part) => `${nameOf(2_000)}.checkpoint.000000000${part}.0000000004.parquet`);
  const checkpoints = async () =>
    (await readdir(logFolder())).filter((it) => /^\d+\.checkpoint/.test(it)).sort();

  it('is what Spark reads before, at and after its checkpoints', async () => {
    await commits(0, 999);
    await commitBySpark(1_000);
    await commits(1_001, 1_999);
    await oracle.run('SET spark.databricks.delta.checkpoint.partSize=16');
    await commitBySpark(2_000);
    await oracle.run('RESET spark.databricks.delta.checkpoint.partSize');
    expect(await checkpoints()).toEqual([`${nameOf(1_000)}.checkpoint.parquet`, ...parts]);
    const versions = [0, 60, 999, 1_000, 1_001, 1_999, 2_000];
    await oracle.expectSame(
      TABLE,
      [...versions.map((version) => ({ version })), { time: timeOf(1_001) }],
      orders,
    );
  });

  it('is what Spark reads after it cleaned up', async () => {
    await commits(CLEANED_UP_FROM, COMMITS - 1);
    await commitBySpark(COMMITS);
    await commits(COMMITS + 1, COMMITS + 3);
    await oracle.run(`OPTIMIZE ${oracle.named(TABLE)}`);
    expect(await checkpoints()).toEqual([...parts, `${nameOf(COMMITS)}.checkpoint.parquet`]);
    const versions = [2_000, 2_001, 2_060, COMMITS - 1, COMMITS, COMMITS + 1, COMMITS + 4];
    const times = [timeOf(2_000), new Date(timeOf(COMMITS + 1).getTime() - 1)];
    await oracle.expectSame(
      TABLE,
      [...versions.map((version) => ({ version })), ...times.map((time) => ({ time })), {}],
      orders,
    );
  });

  it.each([
    ['cleaned up', 1_999, timeOf(1_999)],
    ['still to come', COMMITS + 5, new Date(Date.now() + DAY_MS)],
  ])('has no version that is %s for Spark, nor for us', async (_, version, time) => {
    // One that has not read the version while it was there.
    const tables = DeltaTables.open({ root: oracle.root });
    const path = oracle.pathOf(TABLE);
    await expect(tables.openSnapshot(path, { version })).rejects.toMatchObject({
      reason: 'VERSION_NOT_FOUND',
    });
    await expect(tables.openSnapshot(path, { time })).rejects.toMatchObject({ reason: 'TIME_NOT_FOUND' });
    await tables.close();
    await expect(oracle.bySpark(TABLE, [{ version }], [])).rejects.toThrow('DELTA_VERSION_NOT_FOUND');
    await expect(oracle.bySpark(TABLE, [{ time }], [])).rejects.toThrow(/DELTA_TIMESTAMP_(EARLIER|GREATER)/);
  });
});
