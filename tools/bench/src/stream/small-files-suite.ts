import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { tablePaths } from '@millrace/domain';
import { SparkSession } from 'spark-connect-js';
import { EventSource } from '../batch/event-source';
import { Gateway } from '../batch/gateway';
import { withStack } from '../stack';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { makeTopic } from './made-topic';
import { rawWriter } from './raw-query';

const TABLE = 'transactions';
const EVENTS_PER_SECOND = 50;
const LOOK_EVERY_MS = 1_000;
const STANDSTILL_MS = 60_000;
const GOAL = { atMost: 1.2, unit: 'x' };

/** How many commits there are, and after how many of them the files are merged. */
export interface SmallFilesLength {
  readonly commits: number;
  readonly commitsBetween: number;
}

interface Look {
  /** Of the stream and of upkeep, since the start. */
  readonly commits: number;
  readonly files: number;
}

export const smallFilesSuite = smallFilesOf({ commits: 5_000, commitsBetween: 250 });

/** Whether a table has more and more files the longer a stream writes to it, with upkeep now and then. */
export function smallFilesOf(full: SmallFilesLength): Suite {
  return {
    summary: 'files of the table of events under 5,000 commits of the stream, merged after every 250',
    run: (context) => withStack(context, (stack) => measure(context, stack, full)),
  };
}

const shortened = ({ commits, commitsBetween }: SmallFilesLength): SmallFilesLength => ({
  commits: Math.min(commits, 100),
  commitsBetween: Math.min(commitsBetween, 20),
});

/** The raw query at the place of the stream's table, where upkeep finds it. */
async function measure(
  { output, isQuick }: BenchContext,
  { endpoints, deltaBasePath }: MeasuredStack,
  full: SmallFilesLength,
): Promise<void> {
  const length = isQuick ? shortened(full) : full;
  const topic = `bench-${randomUUID()}`;
  const tables = tablePaths(deltaBasePath);
  const spark = SparkSession.builder().remote(endpoints.sparkConnect).build();
  const source = new EventSource(endpoints.kafka, topic);
  try {
    await makeTopic(endpoints.kafka, topic);
    await source.start(EVENTS_PER_SECOND);
    await spark.conf.set('spark.sql.streaming.noDataMicroBatches.enabled', 'false');
    const pooled = spark.withSchedulerPool('streaming-pool');
    const writer = await rawWriter(pooled, { broker: endpoints.kafka, topic, tables, horizonSeconds: 60 });
    const query = await writer
      .option('checkpointLocation', tables.checkpoint('transactions', topic))
      .trigger({ processingTime: '0 seconds' })
      .start(tables.transactions);
    let looks: readonly Look[];
    try {
      looks = await follow(new Gateway(endpoints.gateway), length, ({ commits, files }) => {
        output.progress(`${commits} of ${length.commits} commits, ${files} files`);
      });
    } finally {
      await query.stop();
    }
    output.section(`${length.commits} commits, merged after every ${length.commitsBetween}`);
    print(output, looks, length);
  } finally {
    await source.stop();
    await spark.close();
  }
}

/** Looks at the table until there were so many commits, and asks for upkeep in between. */
async function follow(
  gateway: Gateway,
  { commits, commitsBetween }: SmallFilesLength,
  onLook: (look: Look) => void,
): Promise<readonly Look[]> {
  const { version: first } = await gateway.table(TABLE);
  const looks: Look[] = [];
  let mergedAt = 0;
  let lastCommitAtMs = performance.now();
  for (;;) {
    const table = await gateway.table(TABLE);
    const look = { commits: table.version - first, files: table.files };
    if (look.commits > (looks.at(-1)?.commits ?? -1)) lastCommitAtMs = performance.now();
    if (performance.now() - lastCommitAtMs > STANDSTILL_MS)
      throw new Error('Nothing was committed for a minute');
    looks.push(look);
    onLook(look);
    if (look.commits >= commits) return looks;
    if (look.commits - mergedAt >= commitsBetween) {
      mergedAt = look.commits;
      await gateway.askForUpkeep(TABLE, 'optimize');
    }
    await delay(LOOK_EVERY_MS);
  }
}

function print(output: BenchContext['output'], looks: readonly Look[], { commits }: SmallFilesLength): void {
  const firstHalf = looks.filter((look) => look.commits <= commits / 2);
  const lastHalf = looks.filter((look) => look.commits > commits / 2);
  output.row('', ['most files', 'fewest']);
  output.row('first half of the commits', extremes(firstHalf));
  output.row('last half', extremes(lastHalf));
  output.row('files that were added, at least', [String(added(looks))]);
  output.goal('most files of the last half / of the first', most(lastHalf) / most(firstHalf), GOAL, 3);
}

const most = (looks: readonly Look[]): number => Math.max(...looks.map(({ files }) => files));

const extremes = (looks: readonly Look[]): string[] => [
  String(most(looks)),
  String(Math.min(...looks.map(({ files }) => files))),
];

/** What a merge takes away between two looks hides what was added there. */
const added = (looks: readonly Look[]): number =>
  looks.reduce((sum, { files }, at) => sum + Math.max(0, files - (looks[at - 1]?.files ?? files)), 0);
