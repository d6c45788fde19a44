import { isBatchId, isBatchReference, makeBatchId } from './batch-id';
import { tablePaths } from './table-paths';

const uuid = 'a3f8e2b1-7c44-4d12-9e56-1a2b3c4d5e6f';

describe('ids and paths', () => {
  it('makes an id of the UTC day and the UUID', () => {
    expect(makeBatchId(uuid, new Date('2025-01-15T23:59:59.999Z'))).toBe('batch-20250115-a3f8e2b1');
  });

  it.each([
    'batch-20250115-A3F8E2B1',
    'batch-20250115-a3f8e2b1/..',
    '../batch-20250115-a3f8e2b1',
    '',
    'batch-1-2',
  ])('takes %p for no id', (value) => {
    expect(isBatchId(value)).toBe(false);
    expect(isBatchReference(value)).toBe(false);
    expect(() => tablePaths('/data').raw(value)).toThrow(/Not a batch id/);
  });

  it('finds a batch by its UUID, but makes no path of it', () => {
    expect(isBatchReference(uuid)).toBe(true);
    expect(isBatchId(uuid)).toBe(false);
  });

  it('lays tables out as the seed does', () => {
    const paths = tablePaths('/data/delta');
    expect(paths.transactions).toBe('/data/delta/stream/transactions');
    expect(paths.aggregations).toBe('/data/delta/stream/stream_aggregations');
    expect(paths.revenue_by_category).toBe('/data/delta/stream/analyses/revenue_by_category');
    expect(paths.raw('batch-20250115-a3f8e2b1')).toBe('/data/delta/batches/batch-20250115-a3f8e2b1/raw');
    expect(paths.aggregated('batch-20250115-a3f8e2b1')).toBe(
      '/data/delta/batches/batch-20250115-a3f8e2b1/aggregated',
    );
  });

  it('gives each topic a checkpoint of its own', () => {
    const paths = tablePaths('/data/delta', '/data/checkpoints');
    expect(paths.checkpoint('transactions', 'a')).not.toBe(paths.checkpoint('transactions', 'b'));
    expect(paths.checkpoint('transactions', 'a')).toBe('/data/checkpoints/a/transactions');
  });
});
