import { openStack } from '../stack';
import type { MeasuredStack } from '../stack';
import type { BenchContext } from '../suite';
import { seedHistory } from './history';

/** Measures on a stack with so many rows of history, and lets go of the stack whatever happens. */
export async function withSeededStack(
  { output }: BenchContext,
  rows: number,
  measure: (stack: MeasuredStack) => Promise<void>,
): Promise<void> {
  output.progress('starting the stack');
  const stack = await openStack();
  try {
    output.fact('stack', stack.origin);
    output.progress(`seeding ${rows} rows`);
    await seedHistory(stack, rows);
    await measure(stack);
  } finally {
    await stack.stop();
  }
}
