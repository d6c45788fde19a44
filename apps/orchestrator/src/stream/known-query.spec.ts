import { transactionsPipeline } from '@millrace/pipelines';
import { aStreamQuery } from '@millrace/testing';
import { SPARK_IS_AWAY, endedOf, restartsAfter, waiting } from './known-query';

const [plan] = transactionsPipeline.queries;
if (plan === undefined) throw new Error('The pipeline has no query');

const streamOf = (query: Parameters<typeof aStreamQuery>[0]) => ({
  ...{ topic: 'transactions-stream', mode: 'continuous' as const },
  queries: [aStreamQuery({ name: plan.name, ...query })],
});

describe('a query that does not run', () => {
  it.each([
    ['it runs', { isActive: true, errorMessage: null }],
    ['Spark is away', { isActive: false, errorMessage: SPARK_IS_AWAY }],
  ])('has ended with its session where its record says that %s', (_what, query) => {
    expect(endedOf(streamOf(query), plan)?.errorMessage).toContain('Spark was started again');
  });

  it('has ended by what its record says, where that has seen it', () => {
    expect(endedOf(streamOf({ isActive: false, errorMessage: 'no' }), plan)?.errorMessage).toBe('no');
    expect(endedOf({ ...streamOf({}), queries: [] }, plan)).toBeUndefined();
  });
});

it('counts starts after the first one, which a drain may make later', () => {
  const known = aStreamQuery({ restarts: 4, errorMessage: 'no', failure: 'RESTART_LIMIT' });
  expect(restartsAfter(undefined)).toBe(0);
  expect(restartsAfter(known)).toBe(5);
  expect(waiting(known)).toMatchObject({ restarts: 0, errorMessage: null, failure: null });
  expect(restartsAfter(waiting(known))).toBe(0);
});
