import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { upper } from '../functions/functions';
import type { SparkSession } from '../session/spark-session';
import { liveSession, sharedFolder } from '../testing/live-session';
import { LongType, StringType, StructType } from '../types/data-type';
import type { DataFrame } from './dataframe';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().build();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

describe('reading', () => {
  it('parses texts of CSV and JSON, with a schema or without', async () => {
    const texts = (lines: readonly string[]): DataFrame =>
      spark.createDataFrame(
        lines.map((value) => ({ value })),
        new StructType().add('value', StringType),
      );
    const schema = new StructType().add('a', LongType).add('b', StringType);
    await expect(
      spark.read
        .schema(schema)
        .csv(texts(['1,x', '2,y']))
        .collect(),
    ).resolves.toEqual([
      { a: 1n, b: 'x' },
      { a: 2n, b: 'y' },
    ]);
    await expect(spark.read.json(texts(['{"a": 1.5}'])).collect()).resolves.toEqual([{ a: 1.5 }]);
    await expect(
      spark.read
        .option('HEADER', true)
        .csv(texts(['h', 'v']))
        .collect(),
    ).resolves.toEqual([{ h: 'v' }]);
  });

  it('reads files of text, XML and ORC', async () => {
    const folder = await sharedFolder();
    try {
      const lines = join(folder.path, 'lines.txt');
      await writeFile(lines, 'one\ntwo\n');
      await expect(spark.read.textFile(lines).select(upper('value').as('v')).collect()).resolves.toEqual([
        { v: 'ONE' },
        { v: 'TWO' },
      ]);
      const xml = join(folder.path, 'rows.xml');
      await writeFile(xml, '<rows><row><a>1</a></row><row><a>2</a></row></rows>');
      await expect(spark.read.option('rowTag', 'row').xml(xml).orderBy('a').collect()).resolves.toEqual([
        { a: 1n },
        { a: 2n },
      ]);
      const orc = join(folder.path, 'orc');
      await spark.range(2).write.format('orc').save(orc);
      await expect(spark.read.orc(orc).count()).resolves.toBe(2);
    } finally {
      await folder.remove();
    }
  });
});
