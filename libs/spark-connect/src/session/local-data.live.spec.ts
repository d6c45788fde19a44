import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveSession } from '../testing/live-session';
import { Timestamp } from '../types/timestamp';
import type { SparkSession } from './spark-session';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().config('spark.sql.session.timeZone', 'UTC').build();
});

afterAll(async () => {
  await spark.stop();
});

describe('rows of this process', () => {
  it('get the types their values have', async () => {
    const rows = [
      {
        whole: 1,
        mixed: 1,
        big: 1n,
        text: 'a',
        flag: true,
        at: new Timestamp(1n),
        bytes: Uint8Array.of(1),
        list: [1, null],
        map: new Map([['a', 1.5]]),
        nested: { x: [{ y: 'z' }] },
      },
      { whole: 2, mixed: 0.5, big: null, list: [], nested: { x: null }, late: 'last' },
    ];
    const sent = spark.createDataFrame(rows);
    await expect(sent.dtypes()).resolves.toEqual([
      ['whole', 'bigint'],
      ['mixed', 'double'],
      ['big', 'bigint'],
      ['text', 'string'],
      ['flag', 'boolean'],
      ['at', 'timestamp'],
      ['bytes', 'binary'],
      ['list', 'array<bigint>'],
      ['map', 'map<string,double>'],
      ['nested', 'struct<x:array<struct<y:string>>>'],
      ['late', 'string'],
    ]);
    const [first, second] = await sent.collect();
    expect(first).toEqual({ ...rows[0], whole: 1n, list: [1n, null], late: null });
    expect(second).toMatchObject({ mixed: 0.5, text: null, list: [], nested: { x: null }, late: 'last' });
  });

  it('may be lists, with names or without', async () => {
    await expect(spark.createDataFrame([[1, 'a']], ['id', 'name']).collect()).resolves.toEqual([
      { id: 1n, name: 'a' },
    ]);
    await expect(spark.createDataFrame([[1, 'a']]).columns()).resolves.toEqual(['_1', '_2']);
  });

  it('may be none at all', async () => {
    await expect(spark.emptyDataFrame.columns()).resolves.toEqual([]);
    await expect(spark.emptyDataFrame.collect()).resolves.toEqual([]);
  });

  it('of intervals arrive', async () => {
    const typed = await spark.sql(
      "SELECT INTERVAL '1-2' YEAR TO MONTH AS ym, INTERVAL '1 0:0:0' DAY TO SECOND AS ds",
    );
    const sent = spark.createDataFrame([[14, 1_000_000n]], await typed.schema());
    await expect(
      sent.selectExpr('cast(ym AS string) AS ym', 'cast(ds AS string) AS ds').collect(),
    ).resolves.toEqual([{ ym: "INTERVAL '1-2' YEAR TO MONTH", ds: "INTERVAL '0 00:00:01' DAY TO SECOND" }]);
  });

  it('of 70 MB go to the server once', async () => {
    const filler = 'x'.repeat(2_800);
    const rows = Array.from({ length: 25_000 }, (_, id) => ({ id, text: filler }));
    const sent = spark.createDataFrame(rows);
    expect(sent.relation.relType.case).toBe('cachedLocalRelation');
    const sums = sent.selectExpr('count(*) AS n', 'sum(id) AS ids', 'sum(length(text)) AS characters');
    await expect(sums.collect()).resolves.toEqual([
      { n: 25_000n, ids: 312_487_500n, characters: 70_000_000n },
    ]);
  });
});

describe('a statement', () => {
  it('takes lists, maps and columns as values, and DataFrames as tables', async () => {
    const sales = spark.createDataFrame([
      { id: 1, price: 2.5 },
      { id: 2, price: 4 },
    ]);
    const found = await spark.sql(
      'SELECT id, :prices[kind] AS price FROM sales, kinds WHERE array_contains(:ids, id)',
      {
        sales,
        kinds: spark.createDataFrame([{ kind: 'a' }]),
        ids: [2n, 3n],
        prices: new Map([['a', 9]]),
      },
    );
    await expect(found.collect()).resolves.toEqual([{ id: 2n, price: 9 }]);
    const positional = await spark.sql('SELECT ? AS list, ?[0] AS first', [[1, 2], ['a']]);
    await expect(positional.collect()).resolves.toEqual([{ list: [1, 2], first: 'a' }]);
  });
});

describe('an artifact', () => {
  it('is known to the session after it was sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spark-connect-js-'));
    const path = join(folder, 'lookup.txt');
    await writeFile(path, 'a lookup table');
    await spark.addArtifacts(path);
    const files = await (await spark.sql('LIST FILES')).collect();
    expect(JSON.stringify(files)).toContain('lookup.txt');
    await rm(folder, { recursive: true });
  });
});

describe('a conf', () => {
  it('has a default of the caller, and tells whether it can be set', async () => {
    await expect(spark.conf.get('spark.no.such', 'mine')).resolves.toBe('mine');
    await expect(spark.conf.getOption('spark.no.such')).resolves.toBeUndefined();
    await expect(spark.conf.isModifiable('spark.sql.shuffle.partitions')).resolves.toBe(true);
    await expect(spark.conf.isModifiable('spark.sql.warehouse.dir')).resolves.toBe(false);
  });
});

describe('a new session', () => {
  it('has views and confs of its own, and is ended on its own', async () => {
    await spark.range(1).createTempView('mine');
    await spark.conf.set('spark.sql.shuffle.partitions', 3);
    const other = spark.newSession();
    expect(other.sessionId).not.toBe(spark.sessionId);
    await expect(other.catalog.tableExists('mine')).resolves.toBe(false);
    await expect(other.conf.get('spark.sql.shuffle.partitions')).resolves.not.toBe('3');
    await other.stop();
    await expect(spark.table('mine').count()).resolves.toBe(1);
  });
});
