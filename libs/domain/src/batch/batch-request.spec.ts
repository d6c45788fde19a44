import { deltaBatchRequestSchema } from './batch-request';

const right = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };

/** Paths of what is wrong. */
function problems(change: Record<string, unknown>): string[] {
  const result = deltaBatchRequestSchema.safeParse({ ...right, ...change });
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join('.'));
}

describe('batch request over a range of days', () => {
  it('accepts the examples of the seeds', () => {
    expect(problems({})).toEqual([]);
    const filters = { category: 'electronics', region: 'west' };
    expect(problems({ analysisType: 'customer_segmentation', filters })).toEqual([]);
  });

  it('accepts a range of one day', () => {
    expect(problems({ endDate: right.startDate })).toEqual([]);
  });

  it.each([
    [{ startDate: 'yesterday' }, 'startDate'],
    [{ startDate: '2025-1-1' }, 'startDate'],
    [{ endDate: '2025-02-30' }, 'endDate'],
    [{ endDate: '2024-12-31' }, 'endDate'],
    [{ endDate: undefined }, 'endDate'],
    [{ analysisType: 'everything' }, 'analysisType'],
    [{ analysisType: '__proto__' }, 'analysisType'],
    [{ filters: { region: 'mars' } }, 'filters.region'],
    [{ filters: { quantity: '2' } }, 'filters.quantity'],
    [{ filters: [] }, 'filters'],
  ])('names the field of %j', (change, path) => {
    expect(problems(change)).toEqual([path]);
  });

  it('refuses columns that are not in the allow-list', () => {
    for (const column of ['transaction_id', 'event_timestamp', 'batch_id', 'ip_address', '1; DROP TABLE']) {
      expect(problems({ filters: { [column]: 'x' } })).toEqual(['filters']);
    }
  });

  it('refuses fields that it does not know', () => {
    expect(problems({ sourcePath: '/etc' })).toEqual(['']);
  });
});
