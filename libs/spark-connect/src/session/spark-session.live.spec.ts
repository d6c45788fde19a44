import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { count, max, sum } from '../functions/aggregates';
import { col, expr, lit } from '../functions/core';
import { to_date } from '../functions/datetime-conversion';
import { countInOrder, liveSession, sharedFolder } from '../testing/live-session';
import { ArrayType, DecimalType, LongType, StringType, StructType, TimestampType } from '../types/data-type';
import { Timestamp } from '../types/timestamp';
import type { SparkSession } from './spark-session';

jest.setTimeout(120_000);

let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  spark = liveSession().config('spark.sql.session.timeZone', 'UTC').build();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
  await folder.remove();
});

describe('a session', () => {
  it('answers a heartbeat and learns the id of its server side', async () => {
    await expect(spark.version()).resolves.toMatch(/^4\./);
    expect(spark.serverSideSessionId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps confs', async () => {
    await spark.conf.set('spark.sql.shuffle.partitions', 3);
    await expect(spark.conf.get('spark.sql.shuffle.partitions')).resolves.toBe('3');
    await expect(spark.conf.getAll('spark.sql.shuffle.')).resolves.toMatchObject({ partitions: '3' });
    await spark.conf.unset('spark.sql.shuffle.partitions');
    await expect(spark.conf.get('spark.no.such.key')).resolves.toBeUndefined();
    await expect(spark.conf.set('spark.sql.warehouse.dir', '/x')).rejects.toMatchObject({ code: 'ANALYSIS' });
  });

  it('ends for everyone who names its id', async () => {
    const id = randomUUID();
    const [first, second] = [liveSession(id).build(), liveSession(id).build()];
    await first.version();
    await first.release();
    await expect(second.version()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    await Promise.all([first.close(), second.close()]);
  });

  it('is known to be another one when the server no longer has the observed one', async () => {
    const restarted = liveSession().serverSideSessionId(randomUUID()).build();
    await expect(restarted.version()).rejects.toMatchObject({
      code: 'SESSION_CHANGED',
      errorClass: 'INVALID_HANDLE.SESSION_CHANGED',
    });
    await expect(restarted.range(1).collect()).rejects.toMatchObject({ code: 'SESSION_CHANGED' });
    await restarted.close();
  });
});

describe('values', () => {
  it("arrive exactly, judged by Spark's own text", async () => {
    const texts = [
      "timestamp'2026-01-01 00:00:00.123456'",
      "timestamp'1960-01-01 00:00:00.000001'",
      "date'0001-01-01'",
      'cast(-12345678901234567890.12345 as decimal(38,5))',
      'cast(0.00001 as decimal(5,5))',
      '9223372036854775807L',
    ];
    const columns = texts.flatMap((text, at) => [
      expr(text).as(`v${String(at)}`),
      expr(`cast(${text} as string)`).as(`t${String(at)}`),
    ]);
    const row = await spark
      .range(1)
      .select(...columns)
      .first();
    for (const [at, text] of texts.entries()) {
      const value = row?.[`v${String(at)}`];
      const written =
        value instanceof Timestamp ? value.toISOString().replace('T', ' ').replace('Z', '') : value;
      const asText = typeof written === 'bigint' ? written.toString() : written;
      expect([text, asText]).toEqual([text, row?.[`t${String(at)}`]]);
    }
  });

  it('of nested types arrive as lists, maps and objects', async () => {
    const row = await spark
      .range(1)
      .select(
        expr("map('a', array(1, null))").as('m'),
        expr("named_struct('x', 1L, 'y', null)").as('s'),
        expr("X'00FF'").as('b'),
        expr('array()').as('e'),
      )
      .first();
    expect(row).toEqual({
      m: new Map([['a', [1, null]]]),
      s: { x: 1n, y: null },
      b: Uint8Array.from([0, 255]),
      e: [],
    });
  });

  it('can be sent as rows', async () => {
    const schema = new StructType()
      .add('id', LongType)
      .add('at', TimestampType)
      .add('price', new DecimalType(10, 2))
      .add('tags', new ArrayType(StringType));
    const rows = [
      { id: 1n, at: new Timestamp(1n), price: '1.50', tags: ['a', null] },
      { id: null, at: null, price: null, tags: null },
    ];
    const sent = spark.createDataFrame(rows, schema);
    await expect(sent.collect()).resolves.toEqual(rows);
    expect((await sent.schema()).fieldNames).toEqual(['id', 'at', 'price', 'tags']);
  });

  it('of many batches arrive in order', async () => {
    await expect(countInOrder(spark.range(0, 300_000, 1, 4))).resolves.toBe(300_000n);
  });
});

describe('a SQL command', () => {
  it('runs exactly once, however often its result is used', async () => {
    const table = `delta.\`${join(folder.path, 'sql')}\``;
    await spark.sql(`CREATE TABLE ${table} (id BIGINT) USING delta`);
    const inserted = await spark.sql(`INSERT INTO ${table} VALUES (:id)`, { id: 7n });
    await inserted.schema();
    await inserted.collect();
    await inserted.count();
    await expect(spark.table(table).collect()).resolves.toEqual([{ id: 7n }]);
  });

  it('takes positional values', async () => {
    const result = await spark.sql('SELECT ? AS a, ? AS b', [1, "it's"]);
    await expect(result.collect()).resolves.toEqual([{ a: 1, b: "it's" }]);
  });
});

describe('a Delta table', () => {
  it('is written once for one transaction id, and read at a version', async () => {
    const path = join(folder.path, 'delta');
    const write = () =>
      spark
        .range(100)
        .withColumn('day', to_date(lit('2026-01-01')))
        .write.format('delta')
        .mode('append')
        .partitionBy('day')
        .options({ txnAppId: 'batch-1', txnVersion: 1, userMetadata: '{}' })
        .save(path);
    await write();
    await write();
    const history = await spark.sql(`DESCRIBE HISTORY delta.\`${path}\``);
    await expect(history.count()).resolves.toBe(1);
    const read = spark.read.format('delta').option('versionAsOf', 0).load(path);
    await expect(
      read.filter(col('id').geq(90)).agg(count('*').as('n'), sum('id').as('s')).collect(),
    ).resolves.toEqual([{ n: 10n, s: 945n }]);
  });

  it('tells observed metrics beside the write', async () => {
    const seen: unknown[] = [];
    await spark
      .range(10)
      .observe('rows', count('*').as('n'), max('id').as('last'))
      .write.format('delta')
      .save(join(folder.path, 'observed'), { onObservedMetrics: (metrics) => seen.push(metrics) });
    expect(seen).toContainEqual({ name: 'rows', values: { n: 10n, last: 9n } });
  });
});

describe('an error', () => {
  it('of analysis has its class, SQLSTATE and parameters', async () => {
    await expect(spark.table('no_such_table').collect()).rejects.toMatchObject({
      code: 'ANALYSIS',
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
      sqlState: '42P01',
      messageParameters: { relationName: '`no_such_table`' },
    });
  });

  it('of a task has the message of the task', async () => {
    await expect(spark.range(1).select(expr("raise_error('boom')")).collect()).rejects.toMatchObject({
      code: 'EXECUTION_FAILED',
      errorClass: 'USER_RAISED_EXCEPTION',
    });
  });
});
