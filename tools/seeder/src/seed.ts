import { KafkaDelivery } from '@millrace/generator';
import { SparkSession } from 'spark-connect-js';
import type { ActionOptions } from 'spark-connect-js';
import type { HistorySettings, SeederSettings } from './config';
import { Stopped } from './failure';
import { chunksOf, historyId, makeHistory } from './history';
import type { StoredTransaction } from './history';
import { HistoryTable } from './history-table';
import { Progress } from './progress';
import { StagingFile } from './staging';
import { Summary } from './summary';

/** Rows made, staged and produced at a time: what bounds the memory. */
const ROWS_PER_CHUNK = 5000;
const CONNECT_TIMEOUT_MS = 30_000;

export interface SeedOutcome {
  /** False where the table held this history already. */
  readonly hasWritten: boolean;
  /** Of the rows that were made; undefined where none had to be. */
  readonly summary: Summary | undefined;
}

interface Run {
  readonly settings: SeederSettings;
  readonly table: HistoryTable;
  readonly say: (line: string) => void;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Writes the history into its table, once: a second run of equal settings adds nothing.
 * @param say takes one line of progress.
 * @param signal stops the work; nothing is added then, unless the commit was under way.
 */
export async function seed(
  settings: SeederSettings,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<SeedOutcome> {
  const spark = SparkSession.builder().remote(settings.sparkRemote).schedulerPool('batch-pool').build();
  try {
    await spark.version({ deadlineMs: CONNECT_TIMEOUT_MS, signal });
    const table = new HistoryTable(spark, settings.tablePath);
    return await run({ settings, table, say, progress: new Progress(say), signal });
  } finally {
    await spark.release({ deadlineMs: 5000 }).catch(() => undefined);
    await spark.close();
  }
}

async function run(context: Run): Promise<SeedOutcome> {
  const { settings, table, signal } = context;
  const probe = firstRow(settings.history);
  const isThere = !settings.overwrites && (await table.holds(probe, { signal }));
  const delivery = await openTopic(context);
  try {
    if (isThere && delivery === undefined) return { hasWritten: false, summary: undefined };
    if (isThere) return { hasWritten: false, summary: await makeRows(context, undefined, delivery) };
    return { hasWritten: true, summary: await writeTable(context, probe, delivery) };
  } finally {
    await delivery?.close();
  }
}

function firstRow(history: HistorySettings): StoredTransaction {
  for (const row of makeHistory(history)) return row;
  throw new Error('A history of no rows');
}

async function writeTable(
  context: Run,
  probe: StoredTransaction,
  delivery: KafkaDelivery | undefined,
): Promise<Summary> {
  const { settings, table, say } = context;
  const staging = await StagingFile.create(settings.stagingRoot, `seed-${historyId(settings.history)}`);
  try {
    const summary = await makeRows(context, staging, delivery);
    say(`writing ${settings.history.totalRecords} rows to ${table.path}`);
    await commit(context, probe, staging.folder);
    await staging.removeLeftovers();
    return summary;
  } finally {
    await staging.remove();
  }
}

async function commit(context: Run, probe: StoredTransaction, stagingFolder: string): Promise<void> {
  const { settings, table, progress, signal } = context;
  const options: ActionOptions = {
    signal,
    onProgress: (spark) => {
      progress.reportSpark(spark);
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
  delivery: KafkaDelivery | undefined,
): Promise<Summary> {
  const summary = new Summary();
  const size = Math.min(ROWS_PER_CHUNK, delivery?.maxEventsPerSend ?? ROWS_PER_CHUNK);
  let made = 0;
  for (const rows of chunksOf(makeHistory(settings.history), size)) {
    if (signal.aborted) throw new Stopped('Stopped before the rows were written; the table is unchanged.');
    for (const row of rows) summary.add(row);
    await Promise.all([staging?.write(rows), delivery?.send(rows.map(toMessage), signal)]);
    made += rows.length;
    progress.report('rows made', made, settings.history.totalRecords);
  }
  await staging?.close();
  return summary;
}

/** The event as its source produced it. Dated by now: dated by the event, Kafka would delete old history at once. */
function toMessage(row: StoredTransaction): { key: string; value: string } {
  // JSON has no undefined: the column that only the table has goes.
  const event = { ...row, processing_timestamp: null, event_date: undefined };
  return { key: row.transaction_id, value: JSON.stringify(event) };
}

/** The topic to fill, if one is wanted and it is empty: what it holds was produced by an earlier run. */
async function openTopic({ settings, say, signal }: Run): Promise<KafkaDelivery | undefined> {
  if (settings.kafka === undefined) return undefined;
  const { brokers, topic } = settings.kafka;
  const delivery = await KafkaDelivery.open({ brokers, topic, compression: 'gzip', say, stop: signal });
  if (delivery.recordsBefore === 0) return delivery;
  say(`topic ${topic} holds ${delivery.recordsBefore} records already and is left as it is`);
  await delivery.close();
  return undefined;
}
