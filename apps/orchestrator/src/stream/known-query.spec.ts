import { transactionsPipeline } from '@millrace/pipelines';
import { aStreamQuery } from '@millrace/testing';
import { SPARK_IS_AWAY, endedOf, restartsAfter, stoppedRecord, waiting } from './known-query';

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
    expect(endedOf(streamOf(query), plan)?.errorMessage).toContain('ended while nobody watched it');
  });

  it('has ended by what its record says, where that has seen it', () => {
    expect(endedOf(streamOf({ isActive: false, errorMessage: 'no' }), plan)?.errorMessage).toBe('no');
    expect(endedOf({ ...streamOf({}), queries: [] }, plan)).toBeUndefined();
  });
});

describe('the record of a query whose stream is stopped', () => {
  it('says no more that it runs, waits, or goes on when Spark is back', () => {
    const over = { isActive: false, statusMessage: null, errorMessage: null };
    expect(stoppedRecord(aStreamQuery({ isActive: true }))).toMatchObject(over);
    expect(stoppedRecord(aStreamQuery({ isActive: false, errorMessage: SPARK_IS_AWAY }))).toMatchObject(over);
    expect(stoppedRecord(waiting(aStreamQuery({})))).toMatchObject(over);
  });

  it('keeps why the query ended, and what it says already', () => {
    expect(stoppedRecord(aStreamQuery({ isActive: true, errorMessage: 'no' }))?.errorMessage).toBe('no');
    expect(stoppedRecord(aStreamQuery({ isActive: false, errorMessage: 'no' }))).toBeUndefined();
  });
});

it('counts starts after the first one, which a drain may make later', () => {
  const known = aStreamQuery({ restarts: 4, errorMessage: 'no', failure: 'RESTART_LIMIT' });
  expect(restartsAfter(undefined)).toBe(0);
  expect(restartsAfter(known)).toBe(5);
  expect(waiting(known)).toMatchObject({ restarts: 0, errorMessage: null, failure: null });
  expect(restartsAfter(waiting(known))).toBe(0);
});
