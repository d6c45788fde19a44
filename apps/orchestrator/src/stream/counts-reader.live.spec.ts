import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import { CountsReader } from './counts-reader';

jest.setTimeout(120_000);

const START = new Date('2026-11-22T10:00:00Z');
const secondsLater = (seconds: number) => new Date(START.getTime() + seconds * 1_000);

let spark: SparkSession;
let checkpoint: string;

beforeAll(() => {
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
});

beforeEach(async () => {
  checkpoint = await mkdtemp(join(tmpdir(), 'millrace-counts-'));
  await mkdir(join(checkpoint, 'counts'));
});

afterEach(() => rm(checkpoint, { recursive: true, force: true }));
afterAll(() => spark.stop());

const end = (batchId: number, stored: number) =>
  writeFile(join(checkpoint, 'counts', `${batchId}.json`), JSON.stringify({ batchId, total: { stored } }));

describe('the counts of a query', () => {
  it('are those of its last micro-batch, also where it is idle before they were read', async () => {
    const reader = new CountsReader(spark, checkpoint);
    await end(3, 30);
    expect(await reader.upTo(3, START, false)).toEqual({ stored: 30 });
    await end(4, 40);
    expect(await reader.upTo(4, secondsLater(2), false)).toEqual({ stored: 30 });
    // By the next reading Spark names the micro-batch that is next.
    expect(await reader.upTo(5, secondsLater(12), false)).toEqual({ stored: 40 });
    expect(await reader.upTo(5, secondsLater(24), false)).toEqual({ stored: 40 });
    await end(5, 50);
    expect(await reader.upTo(5, secondsLater(36), false)).toEqual({ stored: 50 });
  });

  it('are read at once of a query that has ended', async () => {
    const reader = new CountsReader(spark, checkpoint);
    await end(0, 10);
    expect(await reader.upTo(0, START, false)).toEqual({ stored: 10 });
    await end(1, 20);
    expect(await reader.upTo(2, secondsLater(1), true)).toEqual({ stored: 20 });
  });

  it('continue those of earlier checkpoints, and are none before the first micro-batch', async () => {
    const reader = new CountsReader(spark, checkpoint, { stored: 7 });
    expect(await reader.upTo(0, START, false)).toBeNull();
    await end(0, 10);
    expect(await reader.upTo(0, secondsLater(11), false)).toEqual({ stored: 17 });
  });
});
