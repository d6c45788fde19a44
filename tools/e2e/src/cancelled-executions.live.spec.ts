import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SparkServer } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import type { StreamingQuery } from 'spark-connect-js';
import { expr, sum } from 'spark-connect-js/functions';
import { waitUntil } from './wait-until';

jest.setTimeout(300_000);

/** Around these delays Spark 4.0.1 finds nothing, or says that it cancelled and leaves the job. */
const DELAYS_MS = [0, 1, 5, 10, 20, 40, 60, 100, 250] as const;
const ROUNDS = 3;
/** The first plans of a new server, on a busy machine. */
const WARM_UP = { timeoutMs: 120_000 };
const GONE_WITHIN_MS = 5_000;
/** Hours of work, in tasks that notice that they were killed. */
const ENDLESS = 10n ** 14n;

let server: SparkServer;
let spark: SparkSession;

beforeAll(async () => {
  server = await SparkServer.start();
  spark = SparkSession.builder()
    .remote(`${server.remote}/;user_id=millrace-spec;session_id=${randomUUID()}`)
    .build();
  await spark.version({ deadlineMs: 120_000 });
});

afterAll(async () => {
  await spark.close();
  await server.stop();
});

interface Job {
  readonly jobId: number;
  readonly jobTags: readonly string[];
}

async function jobs(query = ''): Promise<Job[]> {
  const api = `${server.ui}/api/v1/applications`;
  const [application] = (await (await fetch(api)).json()) as { id: string }[];
  return (await (await fetch(`${api}/${application?.id ?? ''}/jobs${query}`)).json()) as Job[];
}

/** Whether a running job belongs to the execution; the last part of its tag is the operation id. */
async function isRunning(operationId: string): Promise<boolean> {
  const running = await jobs('?status=running');
  return running.some(({ jobTags }) => jobTags.some((tag) => tag.endsWith(operationId)));
}

function aggregate(operationId: string, partitions = 2): Promise<unknown> {
  return spark
    .range(0n, ENDLESS, 1n, partitions)
    .groupBy(expr('id % 7'))
    .agg(sum(expr('hash(id)')))
    .collect({ operationId });
}

/** As a batch does: planning looks into the table's log first, and other threads of Spark submit jobs. */
function deltaWrite(operationId: string): Promise<unknown> {
  const numbers = spark.range(0n, ENDLESS, 1n, 2);
  const remainders = spark.range(7n).withColumn('rest', expr('id % 5')).drop('id').distinct();
  return numbers
    .withColumn('rest', expr('id % 11'))
    .join(remainders, 'rest')
    .write.format('delta')
    .mode('append')
    .save(join(server.folder, 'written', operationId), { operationId });
}

/** How an execution ended: the class of its error. */
function outcome(execution: Promise<unknown>): Promise<string> {
  return execution.then(
    () => 'COMPLETED',
    (error: unknown) => (error as { errorClass?: string }).errorClass ?? String(error).slice(0, 200),
  );
}

const RUNS_ON = 'A JOB RUNS ON';

/** How it ended, when that is known and Spark has no job of it; a busy machine may be slow to start one, but each must go in time. */
function endOf(operationId: string, execution: Promise<string>, what: string): Promise<string> {
  let runsSinceMs: number | undefined;
  return waitUntil(
    `the end of ${what}`,
    async () => {
      const end = await Promise.race([execution, delay(0, undefined)]);
      const runs = await isRunning(operationId);
      runsSinceMs = runs ? (runsSinceMs ?? Date.now()) : undefined;
      if (runsSinceMs === undefined) return end;
      return Date.now() - runsSinceMs > GONE_WITHIN_MS ? RUNS_ON : undefined;
    },
    { timeoutMs: 60_000, pollMs: 50 },
  );
}

/** The newest micro-batch, or -1 before the first. */
async function microBatch(query: StreamingQuery): Promise<number> {
  return (await query.lastProgress())?.batchId ?? -1;
}

async function goesOn(query: StreamingQuery): Promise<void> {
  const before = await microBatch(query);
  await waitUntil('two more micro-batches', async () =>
    (await microBatch(query)) >= before + 2 ? true : undefined,
  );
}

function startStream(): Promise<StreamingQuery> {
  return spark.readStream
    .format('rate')
    .option('rowsPerSecond', 20)
    .load()
    .writeStream.format('delta')
    .option('checkpointLocation', join(server.folder, 'stream-checkpoint'))
    .trigger({ processingTime: '300 milliseconds' })
    .start(join(server.folder, 'stream'));
}

describe('an interrupt by operation id', () => {
  it('leaves no job of the execution, whenever it comes, and harms no other', async () => {
    const stream = await startStream();
    const siblingId = randomUUID();
    const sibling = outcome(aggregate(siblingId, 1));
    await waitUntil(
      'the job of the sibling',
      async () => ((await isRunning(siblingId)) ? true : undefined),
      WARM_UP,
    );
    await waitUntil(
      'a micro-batch',
      async () => ((await microBatch(stream)) >= 1 ? true : undefined),
      WARM_UP,
    );

    const interrupted: string[] = [];
    const seen: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, run] of Object.entries({ aggregate, deltaWrite })) {
        for (const delayMs of DELAYS_MS) {
          const operationId = randomUUID();
          const execution = outcome(run(operationId));
          // The moment itself is what is tried here.
          if (delayMs > 0) await delay(delayMs);
          const found = await spark.interruptOperation(operationId);
          const interruptedAt = Date.now();
          const end = await endOf(operationId, execution, `${name} interrupted after ${String(delayMs)} ms`);
          interrupted.push(operationId);
          const fate = `${String(delayMs)} ms ${found.length > 0 ? 'found' : 'not found'} ${end}`;
          seen[fate] = Math.max(seen[fate] ?? 0, Date.now() - interruptedAt);
          expect(end).not.toMatch(/COMPLETED|RUNS ON/);
        }
      }
    }
    process.stderr.write(`interrupts, slowest in ms: ${JSON.stringify(seen, null, 1)}\n`);

    for (const operationId of interrupted) await expect(isRunning(operationId)).resolves.toBe(false);
    await expect(isRunning(siblingId)).resolves.toBe(true);
    await goesOn(stream);

    await spark.interruptOperation(siblingId);
    await expect(sibling).resolves.toBe('OPERATION_CANCELED');
    await stream.stop();
  });

  it('that comes before its execution ends the jobs when they start', async () => {
    for (const run of [aggregate, deltaWrite]) {
      const operationId = randomUUID();
      await expect(spark.interruptOperation(operationId)).resolves.toEqual([]);
      const execution = outcome(run(operationId));
      await expect(endOf(operationId, execution, 'an execution sent after')).resolves.not.toMatch(
        /COMPLETED|RUNS ON/,
      );
    }
  });

  it('does not stop a stream that the execution has started, though its jobs carry the tag', async () => {
    const earlier = new Set((await jobs()).map(({ jobId }) => jobId));
    const stream = await startStream();
    await goesOn(stream);
    const ofStream = (await jobs()).filter(({ jobId }) => !earlier.has(jobId));
    const [tag, ...others] = new Set(
      ofStream.flatMap(({ jobTags }) => jobTags.filter((each) => each.startsWith('SparkConnect_'))),
    );
    expect([tag, others]).toEqual([expect.stringMatching(/_Operation_[0-9a-f-]{36}$/), []]);
    await spark.interruptOperation(tag?.slice(-36) ?? '');
    await goesOn(stream);
    await expect(stream.exception()).resolves.toBeUndefined();
    await stream.stop();
  });
});
