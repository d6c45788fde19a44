import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import { KafkajsTopics } from '../kafka/kafkajs-topics';
import { ResolveSource } from './resolve-source';

jest.setTimeout(180_000);

const endpoints = requireEndpoints();
const folder = mkdtempSync(join(tmpdir(), 'resolve-source-'));
const paths = { transactions: join(folder, 'transactions'), seed: join(folder, 'seed') };
const topics = new KafkajsTopics(endpoints.kafka);
const COMMITS = 40;
const HOUR_MS = 3_600_000;
/** Within the week for which Delta reads old versions; the first two are not. */
const FIRST_MS = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 48 * HOUR_MS;
const TOO_OLD_HOURS = [240, 216];

const logFile = (version: number) =>
  join(paths.transactions, '_delta_log', `${String(version).padStart(20, '0')}.json`);

let spark: SparkSession;
let sources: ResolveSource;

const timeOf = (version: number) =>
  new Date(FIRST_MS + version * HOUR_MS - (TOO_OLD_HOURS[version] ?? 0) * HOUR_MS);

/** One commit an hour, each of which sets a property to its version; written here, since Spark takes a second for each. */
async function addCommits(): Promise<void> {
  const actions = (await readFile(logFile(0), 'utf8')).trim().split('\n');
  const created = actions
    .map((line) => JSON.parse(line) as { metaData?: object })
    .find(({ metaData }) => metaData);
  for (let version = 1; version < COMMITS; version += 1) {
    const metaData = { ...created?.metaData, configuration: { spec: String(version) } };
    const commitInfo = { timestamp: timeOf(version).getTime(), operation: 'SET TBLPROPERTIES' };
    await writeFile(logFile(version), `${JSON.stringify({ commitInfo })}\n${JSON.stringify({ metaData })}\n`);
  }
  for (let version = 0; version < COMMITS; version += 1) {
    await utimes(logFile(version), timeOf(version), timeOf(version));
  }
}

beforeAll(async () => {
  spark = SparkSession.builder().remote(`${endpoints.sparkConnect}/;session_id=${randomUUID()}`).build();
  sources = new ResolveSource(topics, { require: () => spark }, paths);
  await spark.sql(`CREATE TABLE delta.\`${paths.transactions}\` (id BIGINT) USING delta`);
  await addCommits();
});

afterAll(async () => {
  await topics.close();
  await spark.stop();
  rmSync(folder, { recursive: true, force: true });
});

const pinned = (sourceVersion: number) => ({ sourcePath: paths.transactions, sourceVersion });

/** The version that Delta itself reads as of a time: the table's property tells. */
async function versionThatDeltaReads(time: Date): Promise<number> {
  const timestampAsOf = time.toISOString().replace('T', ' ').replace('Z', '');
  const copy = join(folder, `copy-${randomUUID()}`);
  await spark.sql(
    `CREATE TABLE delta.\`${copy}\` SHALLOW CLONE delta.\`${paths.transactions}\` TIMESTAMP AS OF '${timestampAsOf}'`,
  );
  const rows = await (await spark.sql(`SHOW TBLPROPERTIES delta.\`${copy}\``)).collect();
  return Number(rows.find((row) => row['key'] === 'spec')?.['value'] ?? 0);
}

describe('the version of a table', () => {
  it('is the latest where none is asked for', async () => {
    await expect(sources.resolve({ source: 'delta' })).resolves.toEqual(pinned(COMMITS - 1));
  });

  it.each([2, 17, COMMITS - 1])('is the one asked for: %i', async (sourceVersion) => {
    await expect(sources.resolve({ source: 'delta', sourceVersion })).resolves.toEqual(pinned(sourceVersion));
  });

  it('must be one that the table has', async () => {
    await expect(sources.resolve({ source: 'delta', sourceVersion: COMMITS })).rejects.toMatchObject({
      details: [{ path: 'sourceVersion', message: 'must be from 0 to 39, the versions that the table has' }],
    });
  });

  it('as of a time is the latest commit at or before it', async () => {
    for (const version of [2, 3, 16, 17, 18, 37, 38]) {
      for (const laterMs of [0, HOUR_MS - 1]) {
        const sourceTimestamp = new Date(timeOf(version).getTime() + laterMs).toISOString();
        await expect(sources.resolve({ source: 'delta', sourceTimestamp })).resolves.toEqual(pinned(version));
      }
    }
    const last = timeOf(COMMITS - 1).toISOString();
    await expect(sources.resolve({ source: 'delta', sourceTimestamp: last })).resolves.toEqual(
      pinned(COMMITS - 1),
    );
  });

  it('as of a time is the one that Delta reads', async () => {
    for (const hours of [2, 16.999, 38.9]) {
      const time = new Date(FIRST_MS + hours * HOUR_MS);
      const { sourceVersion } = (await sources.resolve({
        source: 'delta',
        sourceTimestamp: time.toISOString(),
      })) as { sourceVersion: number };
      await expect(versionThatDeltaReads(time)).resolves.toBe(sourceVersion);
    }
  });

  it('cannot be as of a time that the log does not cover', async () => {
    const [first, last] = [timeOf(0), timeOf(COMMITS - 1)];
    for (const [time, message] of [
      [first.getTime() - 1, `must not be before ${first.toISOString()}, the oldest version of the table`],
      [last.getTime() + 1, `must not be after ${last.toISOString()}, the latest version of the table`],
    ] as const) {
      const sourceTimestamp = new Date(time).toISOString();
      await expect(sources.resolve({ source: 'delta', sourceTimestamp })).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        details: [{ path: 'sourceTimestamp', message }],
      });
    }
  });

  it('cannot be one that Delta does not read any more', async () => {
    const message = 'names version 1, but the table can be read only as it was within the last 168 hours';
    await expect(sources.resolve({ source: 'delta', sourceVersion: 1 })).rejects.toMatchObject({
      details: [{ path: 'sourceVersion', message }],
    });
    const sourceTimestamp = new Date(timeOf(1).getTime() + 1).toISOString();
    await expect(sources.resolve({ source: 'delta', sourceTimestamp })).rejects.toMatchObject({
      details: [{ path: 'sourceTimestamp', message }],
    });
  });

  it('has no answer without a seed table but what to do', async () => {
    await expect(sources.resolve({ source: 'seed' })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      details: [{ path: 'source', message: expect.stringContaining('run the seeder') as unknown }],
    });
  });

  it('has no answer while Spark is away', async () => {
    const gone = SparkSession.builder().remote('sc://127.0.0.1:1').build();
    const away = new ResolveSource(topics, { require: () => gone }, paths);
    await expect(away.resolve({ source: 'delta' })).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await gone.close();
  });
});
