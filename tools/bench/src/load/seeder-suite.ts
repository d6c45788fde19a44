import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { openStack } from '../stack';
import type { MeasuredStack } from '../stack';
import { median } from '../statistics';
import type { BenchContext, Suite } from '../suite';

const run = promisify(execFile);
const SEEDER = join(__dirname, '..', '..', '..', 'seeder', 'dist', 'main.js');

/** From the start of the seeder to the commit, against DuckDB, which writes the same rows to the same partitions from Parquet. */
export const seederSuite: Suite = {
  summary: 'seconds to make a history and commit it to Delta, against DuckDB writing the same Parquet',
  run: async (context) => {
    const { output, isQuick } = context;
    output.progress('starting the stack');
    const stack = await openStack();
    try {
      output.fact('stack', stack.origin);
      await compare(context, stack, isQuick ? 2_000 : 1_000_000);
    } finally {
      await stack.stop();
    }
  },
};

async function compare({ output, isQuick }: BenchContext, stack: MeasuredStack, rows: number): Promise<void> {
  const seconds = { ours: [] as number[], reference: [] as number[] };
  // Round 0 warms Spark up and is not counted.
  for (let round = isQuick ? 1 : 0; round <= (isQuick ? 1 : 3); round++) {
    output.progress(`round ${round}`);
    const folder = join(stack.deltaBasePath, 'bench', randomUUID());
    try {
      const ours = await secondsOf(() => seedInto(stack, join(folder, 'history'), rows));
      const reference = await secondsOf(() => copyWithDuckDb(join(folder, 'history'), join(folder, 'copy')));
      if (round > 0) seconds.ours.push(ours);
      if (round > 0) seconds.reference.push(reference);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const [ours, reference] = [median(seconds.ours), median(seconds.reference)];
  output.section(`${rows} rows, 90 days, ${seconds.ours.length} rounds, medians`);
  output.row('', ['seconds']);
  output.row('DuckDB, from Parquet to Parquet', [reference.toFixed(2)]);
  output.row('seeder, its start included', [ours.toFixed(2)]);
  output.goal('seeder', ours, { atMost: 20, unit: ' s' }, 2);
  output.fact('seeder / DuckDB', (ours / reference).toFixed(2));
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return (performance.now() - startedAtMs) / 1_000;
}

function seedInto(stack: MeasuredStack, table: string, rows: number): Promise<unknown> {
  return run(process.execPath, [SEEDER], {
    env: {
      ...process.env,
      SPARK_REMOTE: stack.endpoints.sparkConnect,
      DELTA_OUTPUT_PATH: table,
      TOTAL_RECORDS: String(rows),
      SEED: '42',
    },
  });
}

async function copyWithDuckDb(from: string, to: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const duckdb = await instance.connect();
  try {
    await duckdb.run(
      `COPY (SELECT * FROM read_parquet('${from}/*/*.parquet', hive_partitioning = true))
       TO '${to}' (FORMAT parquet, PARTITION_BY (event_date), COMPRESSION snappy)`,
    );
  } finally {
    duckdb.closeSync();
    instance.closeSync();
  }
}
