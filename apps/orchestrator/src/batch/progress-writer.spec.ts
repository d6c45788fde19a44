import type { AttemptKey, BatchProgress } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { until } from './batch.fixture';
import { ProgressWriter } from './progress-writer';

const KEY: AttemptKey = { batchId: 'batch-20250115-00000001', attempt: 1 };
const at = (percent: number): BatchProgress => ({ stage: 'raw', percent, rows: 0 });

beforeAll(() => {
  Logger.overrideLogger(false);
});

function aWriter(intervalMs: number) {
  const stored: number[] = [];
  const storeProgress = (key: AttemptKey, { percent }: BatchProgress): Promise<boolean> => {
    stored.push(percent);
    return percent === 13 ? Promise.reject(new Error('Postgres is away')) : Promise.resolve(key === KEY);
  };
  return { writer: new ProgressWriter({ storeProgress }, KEY, intervalMs), stored };
}

describe('what is stored of the progress', () => {
  it('is the first word at once, and of what comes too soon the last', async () => {
    const { writer, stored } = aWriter(20);
    for (const percent of [1, 2, 3]) writer.write(at(percent));
    expect(stored).toEqual([1]);
    await until(() => stored.length > 1);
    expect(stored).toEqual([1, 3]);
  });

  it('goes on after a write that failed', async () => {
    const { writer, stored } = aWriter(1);
    writer.write(at(13));
    writer.write(at(14));
    await until(() => stored.includes(14));
    writer.write(at(15));
    await until(() => stored.includes(15));
  });
});
