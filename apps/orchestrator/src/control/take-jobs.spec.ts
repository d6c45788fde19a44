import { Logger } from '@nestjs/common';
import { SparkBreaker } from './spark-breaker';
import { TakeJobs } from './take-jobs';
import type { JobWorker } from './take-jobs';

class RecordedWorker {
  concurrency = 1;
  isTaking = false;

  on() {
    return this as never;
  }

  pause(): Promise<void> {
    this.isTaking = false;
    return Promise.resolve();
  }

  resume(): void {
    this.isTaking = true;
  }
}

function setUp() {
  const batches = new RecordedWorker();
  const analyses = new RecordedWorker();
  const spark: { isUp: boolean; listener: (isUp: boolean) => void } = { isUp: false, listener: () => {} };
  const connection = {
    get isUp() {
      return spark.isUp;
    },
    onUpChange: (listener: (isUp: boolean) => void) => {
      spark.listener = listener;
    },
  };
  const setSpark = (isUp: boolean) => {
    spark.isUp = isUp;
    spark.listener(isUp);
  };
  let now = new Date('2026-01-01T00:00:00Z');
  const breaker = new SparkBreaker(
    () => Promise.resolve(),
    () => now,
  );
  const closeBreaker = () => {
    now = new Date(now.getTime() + 60_000);
    return breaker.round();
  };
  const openBreaker = () => {
    for (let count = 0; count < 5; count += 1) breaker.attemptEnded({ isSparkLost: true });
  };
  const workers = () => ({
    batches: batches as unknown as JobWorker,
    analyses: analyses as unknown as JobWorker,
  });
  const takeJobs = new TakeJobs({ workers, connection, breaker }, { batches: 8, analyses: 3 });
  takeJobs.begin();
  const taking = () => [batches.isTaking, analyses.isTaking];
  return { batches, analyses, takeJobs, setSpark, openBreaker, closeBreaker, taking };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('taking jobs', () => {
  it('runs at most as many as the settings say', () => {
    const { batches, analyses } = setUp();
    expect([batches.concurrency, analyses.concurrency]).toEqual([8, 3]);
  });

  it('begins when Spark is up, and pauses while it is down', () => {
    const { setSpark, taking } = setUp();
    expect(taking()).toEqual([false, false]);
    setSpark(true);
    expect(taking()).toEqual([true, true]);
    setSpark(false);
    expect(taking()).toEqual([false, false]);
  });

  it('pauses while the breaker is open, also when Spark seems to come back', async () => {
    const { setSpark, openBreaker, closeBreaker, taking } = setUp();
    setSpark(true);
    openBreaker();
    expect(taking()).toEqual([false, false]);
    setSpark(false);
    setSpark(true);
    expect(taking()).toEqual([false, false]);
    await closeBreaker();
    expect(taking()).toEqual([true, true]);
  });

  it('ends with the batches first, because those that run wait for their analyses', async () => {
    const { takeJobs, setSpark, taking } = setUp();
    setSpark(true);
    await takeJobs.takeNoBatch();
    expect(taking()).toEqual([false, true]);
    setSpark(false);
    setSpark(true);
    expect(taking()).toEqual([false, true]);
    await takeJobs.takeNothing();
    expect(taking()).toEqual([false, false]);
  });
});
