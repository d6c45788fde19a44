import { liveSession } from '../testing/live-session';
import type { SparkSession } from './spark-session';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(() => {
  spark = liveSession().build();
});

afterAll(async () => {
  await spark.stop();
});

describe('a tag of the session', () => {
  it('reaches every execution begun under it, and nothing else', async () => {
    let begun: (() => void) | undefined;
    const running = new Promise<void>((resolve) => (begun = resolve));
    spark.addTag('nightly');
    const tagged = spark
      .range(0, 2_000_000_000_000, 1, 2)
      .selectExpr('sum(hash(id)) AS s')
      .collect({ onProgress: () => begun?.() });
    spark.removeTag('nightly');
    const outcome = expect(tagged).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await running;
    await expect(spark.interruptTag('weekly')).resolves.toEqual([]);
    await expect(spark.interruptTag('nightly')).resolves.toHaveLength(1);
    await outcome;
    await expect(spark.range(3).count()).resolves.toBe(3);
    expect(spark.getTags()).toEqual([]);
  });
});
