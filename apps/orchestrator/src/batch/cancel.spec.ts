import { Logger } from '@nestjs/common';
import { ConnectionUnavailableError } from 'spark-connect-js';
import { NOW, OUTCOME, setUpBatch, until } from './batch.fixture';
import { WatchCancels } from './watch-cancels';

async function setUpWatched(...batch: Parameters<typeof setUpBatch>) {
  const parts = await setUpBatch(...batch);
  const watch = new WatchCancels(parts.registry.changes, parts.registry, parts.runBatch);
  watch.start();
  return { ...parts, watch };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('cancelling a running batch', () => {
  it('ends it when Spark has stopped', async () => {
    const { registry, runBatch, computation, key, batchId, current, whenStarted } = await setUpWatched();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    await registry.requestCancel(batchId, NOW);
    await running;
    expect(await current()).toMatchObject({ status: 'CANCELLED', endTime: NOW, attempt: 1 });
    expect(computation.stopped).toEqual([batchId]);
    expect(computation.started).toEqual(['raw']);
  });

  it('ends a full report whose members run, and takes back those that wait', async () => {
    const { registry, runBatch, computation, queue, key, batchId, current, whenStarted } = await setUpWatched(
      { analysisType: 'full_report' },
    );
    const started = whenStarted('aggregated/fraud_analysis');
    const running = runBatch.execute(key);
    await started;
    await registry.requestCancel(batchId, NOW);
    await running;
    expect((await current()).status).toBe('CANCELLED');
    expect(computation.stopped).toEqual([batchId]);
    expect(queue.discarded).toEqual([key]);
  });

  it('leaves a batch COMPLETED that was faster', async () => {
    const { registry, runBatch, computation, key, batchId, current } = await setUpWatched();
    // Asked for while the last step runs, which takes no notice: it is done.
    computation.scripts.aggregated = async () => {
      await registry.requestCancel(batchId, NOW);
      return OUTCOME;
    };
    await runBatch.execute(key);
    expect((await current()).status).toBe('COMPLETED');
    expect(await registry.cancel(key, NOW)).toBe(false);
  });

  it('stops between two steps', async () => {
    const { registry, runBatch, computation, key, batchId, current } = await setUpWatched();
    computation.scripts.raw = async ({ signal }) => {
      await registry.requestCancel(batchId, NOW);
      await until(() => signal.aborted);
      return OUTCOME;
    };
    await runBatch.execute(key);
    expect(computation.started).toEqual(['raw']);
    expect((await current()).status).toBe('CANCELLED');
  });

  it('waits while Spark cannot confirm that it stopped', async () => {
    const { registry, runBatch, cancelBatch, computation, key, batchId, current, whenStarted } =
      await setUpWatched();
    computation.stopFailure = new ConnectionUnavailableError('refused');
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    await registry.requestCancel(batchId, NOW);
    await running;
    expect((await current()).status).toBe('RUNNING');
    computation.stopFailure = undefined;
    await cancelBatch.finish(key);
    expect((await current()).status).toBe('CANCELLED');
  });

  it('ends an attempt without a trace that is no longer the current one', async () => {
    const { registry, runBatch, computation, key, current, whenStarted } = await setUpWatched();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    await registry.handBack(key, {});
    await running;
    expect(await current()).toMatchObject({ status: 'PENDING', attempt: 2 });
    expect(computation.stopped).toEqual([]);
  });

  it('is heard while an earlier change is still being looked at', async () => {
    const { registry, runBatch, key, batchId, current, whenStarted } = await setUpWatched();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    // The row as it was before: an answer that comes late.
    const find = registry.find.bind(registry);
    const before = await find(batchId);
    let answer = () => {};
    let asked = 0;
    registry.find = (reference) => {
      asked += 1;
      if (asked > 1) return find(reference);
      return new Promise((resolve) => {
        answer = () => {
          resolve(before);
        };
      });
    };
    registry.changes.tell(batchId);
    await until(() => asked === 1);
    await registry.requestCancel(batchId, NOW);
    await new Promise((resolve) => setImmediate(resolve));
    answer();
    await running;
    expect((await current()).status).toBe('CANCELLED');
  });

  it('is not heard any more after the watch has ended', async () => {
    const { registry, runBatch, watch, key, batchId, current, whenStarted } = await setUpWatched();
    const started = whenStarted('raw');
    const running = runBatch.execute(key);
    await started;
    await watch.stop();
    await registry.requestCancel(batchId, NOW);
    expect(await runBatch.drain(10)).toEqual({ handedBack: 1 });
    await running;
    expect((await current()).status).toBe('PENDING');
  });
});
