import { Logger } from '@nestjs/common';
import { SparkBreaker } from './spark-breaker';

function setUp() {
  const clock = { now: new Date('2026-01-01T00:00:00Z').getTime() };
  const spark = { isWell: false, probes: 0 };
  const breaker = new SparkBreaker(
    () => {
      spark.probes += 1;
      return spark.isWell ? Promise.resolve() : Promise.reject(new Error('killed'));
    },
    () => new Date(clock.now),
  );
  const changes: boolean[] = [];
  breaker.onChange(() => changes.push(breaker.isOpen));
  const end = (isSparkLost: boolean, times: number) => {
    for (let count = 0; count < times; count += 1) breaker.attemptEnded({ isSparkLost });
  };
  const pass = (ms: number) => {
    clock.now += ms;
    return breaker.round();
  };
  return { breaker, spark, changes, end, pass };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('the circuit breaker before Spark', () => {
  it('opens after five attempts in a row that lost Spark', () => {
    const { breaker, changes, end } = setUp();
    end(true, 4);
    expect(breaker.isOpen).toBe(false);
    end(true, 1);
    expect(breaker.state).toEqual({
      isOpen: true,
      openSince: new Date('2026-01-01T00:00:00Z'),
      lostInARow: 5,
    });
    // The others that were under way end, too.
    end(true, 3);
    expect(changes).toEqual([true]);
  });

  it('starts to count anew after an attempt that had Spark', () => {
    const { breaker, end } = setUp();
    end(true, 4);
    end(false, 1);
    end(true, 4);
    expect(breaker.isOpen).toBe(false);
  });

  it('does not ask Spark while it is closed', async () => {
    const { spark, end, pass } = setUp();
    end(true, 4);
    await pass(3_600_000);
    expect(spark.probes).toBe(0);
  });

  it('asks with growing pauses, and closes when Spark answers', async () => {
    const { breaker, spark, changes, end, pass } = setUp();
    end(true, 5);
    await pass(1_999);
    expect(spark.probes).toBe(0);
    await pass(1);
    expect(spark.probes).toBe(1);
    await pass(3_999);
    expect(spark.probes).toBe(1);
    await pass(1);
    expect(spark.probes).toBe(2);
    spark.isWell = true;
    await pass(8_000);
    expect(breaker.state).toEqual({ isOpen: false, openSince: null, lostInARow: 0 });
    expect(changes).toEqual([true, false]);
  });

  it('asks at least every half minute', async () => {
    const { spark, end, pass } = setUp();
    end(true, 5);
    for (let round = 0; round < 10; round += 1) await pass(30_000);
    expect(spark.probes).toBe(10);
  });
});
