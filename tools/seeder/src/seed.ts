import { Truth } from '@millrace/generator';
import type { Counts, Progress } from '@millrace/generator';
import { SparkSession } from 'spark-connect-js';
import type { ActionOptions, ExecutionProgress } from 'spark-connect-js';
import type { HistorySettings, SeederSettings } from './config';
import { Stopped } from './failure';
import { chunksOf, historyId, makeHistory } from './history';
import type { StoredTransaction } from './history';
import { HistoryTable } from './history-table';
import { KafkaFeed } from './kafka-feed';
import { StagingFile } from './staging';

/** Rows made, staged and produced at a time: what bounds the memory. */
const ROWS_PER_CHUNK = 5000;
const CONNECT_TIMEOUT_MS = 30_000;

export interface SeedOutcome {
  /** False where the table held this history already. */
  readonly hasWritten: boolean;
  /** Of the rows that are in the table now; undefined where it held them before and nobody asked. */
  readonly counts: Counts | undefined;
  /** Rows that were produced to Kafka. */
  readonly produced: number;
}

interface Run {
  readonly settings: SeederSettings;
  readonly table: HistoryTable;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Writes the history into its table, once: a second run of equal settings adds nothing.
 * @param signal stops the work; nothing is added then, unless the commit was under way.
 */
export async function seed(
  settings: SeederSettings,
  progress: Progress,
  signal: AbortSignal,
): Promise<SeedOutcome> {
  const spark = SparkSession.builder().remote(settings.sparkRemote).schedulerPool('batch-pool').build();
  try {
    await spark.version({ deadlineMs: CONNECT_TIMEOUT_MS, signal });
    const table = new HistoryTable(spark, settings.tablePath);
    return await run({ settings, table, progress, signal });
  } finally {
    await spark.release({ deadlineMs: 5000 }).catch(() => undefined);
    await spark.close();
    progress.end();
  }
}

async function run(context: Run): Promise<SeedOutcome> {
  const { settings, table, signal } = context;
  const probe = firstRow(settings.history);
  const isThere = !settings.overwrites && (await table.holds(probe, { signal }));
  const feed = await KafkaFeed.open(settings, context.progress, signal);
  try {
    const isToldOf = settings.manifest !== undefined || settings.printsJson;
    if (isThere && feed === undefined && !isToldOf) {
      return { hasWritten: false, counts: undefined, produced: 0 };
    }
    const counts = isThere
      ? await makeRows(context, undefined, feed)
      : await writeTable(context, probe, feed);
    return { hasWritten: !isThere, counts, produced: feed?.produced ?? 0 };
  } finally {
    await feed?.close();
  }
}

function firstRow(history: HistorySettings): StoredTransaction {
  for (const row of makeHistory(history)) return row;
  throw new Error('A history of no rows');
}

async function writeTable(
  context: Run,
  probe: StoredTransaction,
  feed: KafkaFeed | undefined,
): Promise<Counts> {
  const { settings, table } = context;
  const staging = await StagingFile.create(settings.stagingRoot, `seed-${historyId(settings.history)}`);
  try {
    const counts = await makeRows(context, staging, feed);
    context.progress.say(`writing ${settings.history.totalRecords} rows to ${table.path}`);
    await commit(context, probe, staging.folder);
    await staging.removeLeftovers();
    return counts;
  } finally {
    await staging.remove();
  }
}

async function commit(context: Run, probe: StoredTransaction, stagingFolder: string): Promise<void> {
  const { settings, table, progress, signal } = context;
  const options: ActionOptions = {
    signal,
    onProgress: (spark) => {
      reportSpark(progress, spark);
    },
  };
  const appId = `millrace-seeder/${historyId(settings.history)}`;
  const anew = { appId, version: Date.now() };
  if (settings.overwrites) {
    await table.overwrite(stagingFolder, anew, options);
    return;
  }
  try {
    // The fixed version: a write of an earlier, killed run that still goes on in Spark and this one commit once.
    await table.append(stagingFolder, { appId, version: 1 }, options);
  } catch (error) {
    // The same run beside this one was faster, and has removed what this one has staged.
    if (signal.aborted || !(await table.holds(probe, {}))) throw error;
    return;
  }
  // Delta remembers the commit even where its rows were replaced since.
  if (!(await table.holds(probe, { signal }))) await table.append(stagingFolder, anew, options);
}

async function makeRows(
  { settings, progress, signal }: Run,
  staging: StagingFile | undefined,
  feed: KafkaFeed | undefined,
): Promise<Counts> {
  const truth = new Truth();
  const size = Math.min(ROWS_PER_CHUNK, feed?.maxRows ?? ROWS_PER_CHUNK);
  let made = 0;
  for (const rows of chunksOf(makeHistory(settings.history), size)) {
    if (signal.aborted) throw new Stopped('Stopped before the rows were written; the table is unchanged.');
    for (const row of rows) truth.addEvent(row, false);
    await Promise.all([staging?.write(rows), feed?.send(rows)]);
    made += rows.length;
    progress.report('rows made', made, settings.history.totalRecords);
  }
  await staging?.close();
  return truth.counts;
}

/** The longest stage is the one that writes. */
function reportSpark(progress: Progress, { stages }: ExecutionProgress): void {
  const writing = stages.reduce<ExecutionProgress['stages'][number] | undefined>(
    (longest, stage) => (stage.numTasks > (longest?.numTasks ?? 0) ? stage : longest),
    undefined,
  );
  if (writing !== undefined) {
    progress.report('writing to Delta, tasks', writing.numCompletedTasks, writing.numTasks);
  }
}
