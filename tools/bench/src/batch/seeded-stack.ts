import { withStack } from '../stack';
import type { MeasuredStack } from '../stack';
import type { BenchContext } from '../suite';
import { seedHistory } from './history';

/** Measures on a stack with so many rows of history. */
export function withSeededStack(
  context: BenchContext,
  rows: number,
  measure: (stack: MeasuredStack) => Promise<void>,
): Promise<void> {
  return withStack(context, async (stack) => {
    context.output.progress(`seeding ${rows} rows`);
    await seedHistory(stack, rows);
    await measure(stack);
  });
}
