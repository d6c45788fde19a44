import { analysisTitle, batchTitle, finishedAnalyses, runMs } from './batch';
import type { Batch } from './batch';

const aBatch = (more: Partial<Batch>) =>
  ({ analysisType: 'revenue_by_category', status: 'COMPLETED', members: null, ...more }) as Batch;

it.each([
  [{ analysisType: 'revenue_by_category' }, 'Revenue by category'],
  [{ analysisType: 'full_report' }, 'Full report'],
  [{ analysisType: 'full_report', pipeline: 'retail' as const }, 'Retail: full report'],
  [{ analysisType: 'daily_product', pipeline: 'retail' as const }, 'Retail: daily sales by product'],
  [
    { analysisType: 'daily_metrics', pipeline: 'schema-driven' as const, dataset: 'card_transactions' },
    'Card transactions: metrics by day',
  ],
])('names a batch: %j', (more, title) => {
  expect(batchTitle(aBatch(more))).toBe(title);
});

it('names an analysis that it does not know by its name', () => {
  expect(analysisTitle('new_analysis', 'transactions')).toBe('New analysis');
});

describe('the analyses that have results', () => {
  it('are that of a completed batch', () => {
    expect(finishedAnalyses(aBatch({}))).toEqual(['revenue_by_category']);
    expect(finishedAnalyses(aBatch({ status: 'RUNNING' }))).toEqual([]);
  });

  it('are none before a report has ended', () => {
    const members = [{ analysisType: 'kpis', status: 'COMPLETED' as const }];
    expect(finishedAnalyses(aBatch({ analysisType: 'full_report', status: 'RUNNING', members }))).toEqual([]);
  });

  it('are those of a report that succeeded, also where another failed', () => {
    const members = [
      { analysisType: 'kpis', status: 'COMPLETED' as const },
      { analysisType: 'daily_product', status: 'FAILED' as const },
    ];
    expect(finishedAnalyses(aBatch({ analysisType: 'full_report', status: 'FAILED', members }))).toEqual([
      'kpis',
    ]);
  });
});

it('knows how long a batch has run', () => {
  const startTime = '2025-01-15T10:30:00.000Z';
  const endTime = '2025-01-15T10:30:02.500Z';
  expect(runMs(aBatch({ startTime: null, endTime: null }), 0)).toBeNull();
  expect(runMs(aBatch({ startTime, endTime }), 0)).toBe(2_500);
  expect(runMs(aBatch({ startTime, endTime: null }), Date.parse(startTime) + 700)).toBe(700);
});
