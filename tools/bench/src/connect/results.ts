import type { BenchContext } from '../suite';
import { runInChild, type ChildTask, type Reading } from './child-task';
import { columnsOf } from './wide-table';

const MB = 1e6;
const MEMORY_GOAL = { atMost: 200, unit: ' MB' };
const COLLECT_ROWS = 1_000_000;
const ITERATE_ROWS = 5_000_000;
const QUICK_SHARE = 0.02;
/** A million rows as objects take about a gigabyte, more than Node gives itself on small machines. */
const LARGE_HEAP = '--max-old-space-size=4096';
const LARGE_YOUNG_GENERATION = '--max-semi-space-size=64';

/** Rows and batches per second of one wide result. */
export async function measureSpeed(context: BenchContext, remote: string): Promise<void> {
  const { output, isQuick } = context;
  const rows = isQuick ? COLLECT_ROWS * QUICK_SHARE : COLLECT_ROWS;
  const base = { remote, width: 'wide', rows } as const;
  const arrow = await read(context, { ...base, how: 'arrow' });
  const collect = await read(context, { ...base, how: 'collect' }, [LARGE_HEAP]);
  const tuned = await read(context, { ...base, how: 'collect' }, [LARGE_HEAP, LARGE_YOUNG_GENERATION]);
  output.section(
    `Result of ${millions(rows)} rows of ${columnsOf('wide').length} columns, computed by the server meanwhile`,
  );
  output.row('', ['rows/s', 'MB/s', 'batches/s', 'time']);
  output.row('toArrowBatches (nothing decoded)', speedOf({ ...arrow, rows }, arrow));
  output.row('collect', speedOf(collect, arrow));
  output.row(`collect, node ${LARGE_YOUNG_GENERATION}`, speedOf(tuned, arrow));
}

/** What a result of any size takes at most. */
export async function measureMemory(context: BenchContext, remote: string): Promise<void> {
  const { output, isQuick } = context;
  const rows = isQuick ? ITERATE_ROWS * QUICK_SHARE : ITERATE_ROWS;
  const reading = await read(context, { remote, how: 'iterate', width: 'narrow', rows });
  const { idle, peak } = reading;
  const text = (bytes: number): string => `${(bytes / MB).toFixed(0)} MB`;
  output.section(`toLocalIterator over ${millions(rows)} rows of ${columnsOf('narrow').length} columns`);
  output.row('', ['idle', 'peak']);
  output.row('resident memory of the process', [text(idle.rss), text(peak.rss)]);
  output.row('of it used (heap, buffers)', [text(idle.used), text(peak.used)]);
  output.goal('peak above idle, resident', (peak.rss - idle.rss) / MB, MEMORY_GOAL, 0);
  output.row('rows/s', [thousands(rows / (reading.elapsedMs / 1000))]);
}

async function read(context: BenchContext, task: ChildTask, nodeOptions: string[] = []): Promise<Reading> {
  const { output } = context;
  const what = `${task.how} of ${millions(task.rows)} rows`;
  output.progress(what);
  const reading = await runInChild(
    task,
    (rows) => {
      output.progress(rows === 0 ? what : `${what}: ${millions(rows)}`);
    },
    nodeOptions,
  );
  if (task.how !== 'arrow' && reading.rows !== task.rows) {
    throw new Error(`${what} gave ${reading.rows}`);
  }
  return reading;
}

/** Bytes and batches are those of the result as it was sent. */
function speedOf(reading: Reading, sent: Reading): string[] {
  const seconds = reading.elapsedMs / 1000;
  return [
    thousands(reading.rows / seconds),
    (sent.bytes / MB / seconds).toFixed(0),
    (sent.batches / seconds).toFixed(1),
    `${seconds.toFixed(1)} s`,
  ];
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function millions(rows: number): string {
  return rows >= 1e6 ? `${(rows / 1e6).toFixed(1)} M` : thousands(rows);
}
