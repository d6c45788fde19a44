import { median } from '../statistics';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { BareBatch } from './bare-batch';
import { Gateway } from './gateway';
import { ALL_TIME } from './history';
import { withSeededStack } from './seeded-stack';

const SINGLE_GOAL = { atMost: 1.3, unit: 'x' };
const REPORT_GOAL = { atMost: 1.8, unit: 'x' };

/** What the analyses cost on top of the raw rows. */
export const shapeSuite: Suite = {
  summary: 'one analysis against writing the raw rows alone, and the full report against one analysis',
  run: (context) => {
    const rows = context.isQuick ? 5_000 : 1_000_000;
    return withSeededStack(context, rows, (stack) => measure(context, stack, rows));
  },
};

async function measure({ output, isQuick }: BenchContext, stack: MeasuredStack, rows: number): Promise<void> {
  const [warmUp, rounds] = isQuick ? [0, 1] : [1, 5];
  const bare = new BareBatch(stack);
  try {
    await bare.pin();
    const gateway = new Gateway(stack.endpoints.gateway);
    const submission = { ...ALL_TIME, analysisType: 'revenue_by_category' };
    const ways = {
      raw: () => bare.writeRaw(submission),
      single: () => gateway.run(submission),
      report: () => gateway.run({ ...ALL_TIME, analysisType: 'full_report' }),
    };
    const seconds: Seconds = { raw: [], single: [], report: [] };
    for (let round = 0; round < warmUp + rounds; round += 1) {
      for (const name of ['raw', 'single', 'report'] as const) {
        output.progress(`round ${round + 1} of ${warmUp + rounds}: ${name}`);
        const startedAt = performance.now();
        await ways[name]();
        if (round >= warmUp) seconds[name].push((performance.now() - startedAt) / 1_000);
      }
    }
    print({ output, isQuick }, rows, seconds);
  } finally {
    await bare.close();
  }
}

type Seconds = Readonly<Record<'raw' | 'single' | 'report', number[]>>;

function print({ output }: BenchContext, rows: number, { raw, single, report }: Seconds): void {
  output.section(`${rows} rows of 31 columns, ${raw.length} rounds in turns`);
  output.row('', ['median', 'best', 'most']);
  output.row('Spark writing the sorted, partitioned raw rows alone', figures(raw));
  output.row('a batch with one analysis', figures(single));
  output.row('the full report (eight analyses)', figures(report));
  const ratio = (ours: readonly number[], reference: readonly number[]) =>
    median(ours.map((value, index) => value / (reference[index] ?? Number.NaN)));
  output.goal('one analysis / raw rows alone, median', ratio(single, raw), SINGLE_GOAL, 2);
  output.goal('full report / one analysis, median', ratio(report, single), REPORT_GOAL, 2);
}

function figures(samples: readonly number[]): string[] {
  return [median(samples), Math.min(...samples), Math.max(...samples)].map((s) => `${s.toFixed(1)} s`);
}
