import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { seedHistory } from '../batch/history';
import { withStack } from '../stack';
import type { MeasuredStack } from '../stack';
import { median } from '../statistics';
import type { BenchContext, Suite } from '../suite';

/** From the start of the seeder to the commit, against DuckDB, which writes the same rows to the same partitions from Parquet. */
export const seederSuite: Suite = {
  summary: 'seconds to make a history and commit it to Delta, against DuckDB writing the same Parquet',
  run: (context) =>
    withStack(context, (stack) => compare(context, stack, context.isQuick ? 2_000 : 1_000_000)),
};

async function compare({ output, isQuick }: BenchContext, stack: MeasuredStack, rows: number): Promise<void> {
  const seconds = { ours: [] as number[], reference: [] as number[] };
  // Round 0 warms Spark up and is not counted.
  for (let round = isQuick ? 1 : 0; round <= (isQuick ? 1 : 3); round++) {
    output.progress(`round ${round}`);
    const folder = join(stack.deltaBasePath, 'bench', randomUUID());
    try {
      const ours = await secondsOf(() => seedHistory(stack, rows, join(folder, 'history')));
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
