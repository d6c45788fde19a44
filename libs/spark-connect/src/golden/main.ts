import { inspect } from 'node:util';
import type { Comparison } from './compare';
import { compareGoldenPlans } from './golden';

/** `npm run connect:golden`: says how many of Spark's golden plans our API builds, and why not the rest. */
function main(): void {
  const comparisons = compareGoldenPlans();
  const equal = comparisons.filter(({ kind }) => kind === 'equal');
  const faults = comparisons.filter(({ kind }) => kind === 'different' || kind === 'missing');
  for (const comparison of comparisons) print(comparison);
  process.stdout.write(`${String(equal.length)} of ${String(comparisons.length)} golden plans equal\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function print(comparison: Comparison): void {
  const { name } = comparison;
  switch (comparison.kind) {
    case 'equal':
      return;
    case 'excluded':
      process.stdout.write(`  not built: ${name}: ${comparison.reason}\n`);
      return;
    case 'missing':
      process.stdout.write(`  MISSING: ${name}\n`);
      return;
    case 'different': {
      const json = (value: unknown): string => inspect(value, { depth: null, breakLength: 140 });
      process.stdout.write(
        `  DIFFERENT: ${name}\n    Spark ${json(comparison.spark)}\n    ours  ${json(comparison.ours)}\n`,
      );
    }
  }
}

main();
