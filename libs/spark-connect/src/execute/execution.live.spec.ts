import { randomUUID } from 'node:crypto';
import { max } from '../functions/aggregates';
import { xxhash64 } from '../functions/hashes';
import type { SparkSession } from '../session/spark-session';
import { liveSession } from '../testing/live-session';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(async () => {
  spark = liveSession().build();
  await spark.version();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

/** More work than any spec waits for, and still an end to it should an interrupt come too early to be seen. */
const endless = () => spark.range(0, 2 * 10 ** 10, 1, 4).agg(max(xxhash64('id')));

/** Resolves when the server reports tasks of the execution. */
function runningTasks(): {
  readonly onProgress: (p: { numInflightTasks: number }) => void;
  readonly seen: Promise<void>;
} {
  let resolve: () => void = () => undefined;
  const seen = new Promise<void>((done) => {
    resolve = done;
  });
  const onProgress = ({ numInflightTasks }: { numInflightTasks: number }): void => {
    if (numInflightTasks > 0) resolve();
  };
  return { onProgress, seen };
}

describe('a running execution', () => {
  it('is ended by its operation id', async () => {
    const operationId = randomUUID();
    const { onProgress, seen } = runningTasks();
    const result = endless().collect({ operationId, onProgress });
    const ended = expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await seen;
    await expect(spark.interruptOperation(operationId)).resolves.toEqual([operationId]);
    await ended;
  });

  it('is ended by the signal of its caller', async () => {
    const controller = new AbortController();
    const { onProgress, seen } = runningTasks();
    const operationId = randomUUID();
    const result = endless().collect({ operationId, onProgress, signal: controller.signal });
    const ended = expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED', operationId });
    await seen;
    controller.abort();
    await ended;
    await expect(spark.interruptOperation(operationId)).resolves.toEqual([]);
  });

  it('is ended by its deadline', async () => {
    await expect(endless().collect({ deadlineMs: 500 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('is not adopted when the server does not know it', async () => {
    await expect(spark.reattach(randomUUID())).rejects.toMatchObject({ code: 'OPERATION_NOT_FOUND' });
  });
});
