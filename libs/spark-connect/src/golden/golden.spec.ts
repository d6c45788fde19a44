import { compareGoldenPlans, unknownBuilders } from './golden';

const comparisons = compareGoldenPlans();

test.each(
  comparisons.filter(({ kind }) => kind !== 'excluded').map((comparison) => [comparison.name, comparison]),
)('%s is the plan Spark builds', (_name, comparison) => {
  if (comparison.kind === 'different') expect(comparison.ours).toEqual(comparison.spark);
  expect(comparison.kind).toBe('equal');
});

test('every builder is one of a golden plan', () => {
  expect(unknownBuilders(comparisons)).toEqual([]);
});
