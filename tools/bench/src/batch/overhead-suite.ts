import { median, quantile } from '../statistics';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { BareBatch } from './bare-batch';
import { Gateway } from './gateway';
import { ALL_TIME } from './history';
import { withSeededStack } from './seeded-stack';

const RATIO_GOAL = { atMost: 1.05, unit: 'x' };
const FIRST_CALL_GOAL = { atMost: 50, unit: ' ms' };
const SUBMISSION = { ...ALL_TIME, analysisType: 'revenue_by_category' };

/** What Millrace adds to a batch: submission, registry, queue, stored executions, notification. */
export const overheadSuite: Suite = {
  summary: 'a batch through the REST API against the same plan straight through the Connect client',
  run: (context) => {
    const rows = context.isQuick ? 5_000 : 20_000;
    return withSeededStack(context, rows, (stack) => measure(context, stack, rows));
  },
};

async function measure({ output, isQuick }: BenchContext, stack: MeasuredStack, rows: number): Promise<void> {
  const [warmUp, pairs] = isQuick ? [0, 1] : [5, 20];
  const bare = new BareBatch(stack);
  try {
    await bare.pin();
    const gateway = new Gateway(stack.endpoints.gateway);
    const times = { millrace: [] as number[], bare: [] as number[], untilClaim: [] as number[] };
    for (let round = 0; round < warmUp + pairs; round += 1) {
      output.progress(`pair ${round + 1} of ${warmUp + pairs}`);
      const ways = [
        async () => {
          const startedAt = performance.now();
          const batch = await gateway.run(SUBMISSION);
          if (round < warmUp) return;
          times.millrace.push(performance.now() - startedAt);
          times.untilClaim.push(Date.parse(batch.startTime ?? '') - Date.parse(batch.submitTime));
        },
        async () => {
          const startedAt = performance.now();
          await bare.run(SUBMISSION);
          if (round >= warmUp) times.bare.push(performance.now() - startedAt);
        },
      ];
      // The other one first each time: what one leaves behind would else burden always the same.
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) await way();
    }
    print({ output, isQuick }, rows, times);
  } finally {
    await bare.close();
  }
}

interface Times {
  readonly millrace: number[];
  readonly bare: number[];
  readonly untilClaim: number[];
}

function print({ output }: BenchContext, rows: number, { millrace, bare, untilClaim }: Times): void {
  output.section(`revenue_by_category over ${rows} rows, ${millrace.length} pairs in turns`);
  output.row('', ['median', 'p95', 'best']);
  output.row('POST /batch/run to COMPLETED', figures(millrace));
  output.row('the same plan through the Connect client', figures(bare));
  const ratios = millrace.map((ms, index) => ms / (bare[index] ?? Number.NaN));
  output.goal('ratio of each pair, median', median(ratios), RATIO_GOAL, 3);
  output.row('ratios of pairs, least and most', [
    `${Math.min(...ratios).toFixed(3)}x`,
    `${Math.max(...ratios).toFixed(3)}x`,
  ]);
  output.goal(
    'submitted until claimed (then Spark is called), median',
    median(untilClaim),
    FIRST_CALL_GOAL,
    0,
  );
  output.row('submitted until claimed, most', [`${Math.max(...untilClaim)} ms`]);
}

function figures(samples: readonly number[]): string[] {
  return [median(samples), quantile(samples, 0.95), Math.min(...samples)].map((ms) => `${ms.toFixed(0)} ms`);
}
