import { NAMED_TABLES, isKeptTable, parseTableName, requireTableName } from './table-name';

const BATCH = 'batch-20250115-a3f8e2b1';

describe('names of tables', () => {
  it('stand for the tables of the stream and the seed', () => {
    for (const table of NAMED_TABLES) expect(parseTableName(table)).toEqual({ kind: 'named', table });
  });

  it('stand for the results of a batch', () => {
    expect(parseTableName(`${BATCH}.raw`)).toEqual({ kind: 'raw', batchId: BATCH });
    expect(parseTableName(`${BATCH}.aggregated`)).toEqual({ kind: 'aggregated', batchId: BATCH });
    expect(parseTableName(`${BATCH}.aggregated.hourly_trends`)).toEqual({
      kind: 'aggregated',
      batchId: BATCH,
      member: 'hourly_trends',
    });
  });

  it.each([
    '',
    'Transactions',
    'batches',
    '../transactions',
    'transactions.raw',
    BATCH,
    `${BATCH}.`,
    `${BATCH}.raw.hourly_trends`,
    `${BATCH}.raw.`,
    `${BATCH}.aggregated.`,
    `${BATCH}.aggregated.full_report`,
    `${BATCH}.aggregated.hourly_trends.x`,
    `${BATCH}.checkpoint`,
    `${BATCH}/../x.raw`,
    'a3f8e2b1-7c44-4d12-9e56-1a2b3c4d5e6f.raw',
    '__proto__',
    'constructor',
  ])('of any other form stand for none: %j', (name) => {
    expect(parseTableName(name)).toBeUndefined();
  });

  it('are refused with those that there are', () => {
    expect(requireTableName('seed')).toEqual({ kind: 'named', table: 'seed' });
    expect(() => requireTableName('seeds')).toThrow(
      'No table has this name; there are transactions, stream_aggregations, rejects, revenue_by_category, payment_analysis, ' +
        'channel_performance, seed, <batchId>.raw, <batchId>.aggregated, <batchId>.aggregated.<analysis>',
    );
  });

  it('tell which tables are kept up', () => {
    expect(NAMED_TABLES.filter((name) => !isKeptTable(name))).toEqual(['seed']);
  });
});
