import { upkeepJobSchema, upkeepSchedules } from './upkeep-queue';

const PATTERNS = { optimize: '0 */6 * * *', zorder: '30 2 * * 0', vacuum: '30 3 * * *' };

describe('the schedules of upkeep', () => {
  it('have each operation of each table at its time', () => {
    const schedules = upkeepSchedules(PATTERNS).map(({ name, pattern }) => [name, pattern]);
    expect(Object.fromEntries(schedules)).toEqual({
      'transactions-optimize': PATTERNS.optimize,
      'transactions-zorder': PATTERNS.zorder,
      'transactions-vacuum': PATTERNS.vacuum,
      'stream_aggregations-optimize': PATTERNS.optimize,
      'stream_aggregations-vacuum': PATTERNS.vacuum,
      'rejects-optimize': PATTERNS.optimize,
      'rejects-vacuum': PATTERNS.vacuum,
      'revenue_by_category-vacuum': PATTERNS.vacuum,
      'payment_analysis-vacuum': PATTERNS.vacuum,
      'channel_performance-vacuum': PATTERNS.vacuum,
    });
  });

  it('leave out what is off', () => {
    const names = upkeepSchedules({ ...PATTERNS, optimize: 'off', vacuum: 'off' }).map(({ name }) => name);
    expect(names).toEqual(['transactions-zorder']);
  });
});

describe('a job of upkeep', () => {
  it.each([
    [{ table: 'seed', operation: 'optimize' }, 'table'],
    [{ table: 'transactions', operation: 'drop' }, 'operation'],
    [{ table: 'rejects', operation: 'zorder' }, 'operation'],
    [{ table: 'payment_analysis', operation: 'optimize' }, 'operation'],
    [{ table: 'rejects', operation: 'vacuum', path: '/' }, ''],
  ])('is refused that is of no use: %j', (job, path) => {
    const issues = upkeepJobSchema.safeParse(job).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});
