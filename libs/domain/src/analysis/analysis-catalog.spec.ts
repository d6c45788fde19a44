import {
  ANALYSES,
  ANALYSIS_NAMES,
  FULL_REPORT,
  REALTIME_DASHBOARD,
  REQUESTABLE_ANALYSES,
  analysesOf,
} from './analysis-catalog';

describe('the catalog of analyses', () => {
  it('names the nine analyses a batch can ask for', () => {
    expect(REQUESTABLE_ANALYSES).toEqual([
      'revenue_by_category',
      'revenue_by_region',
      'payment_analysis',
      'customer_segmentation',
      'fraud_analysis',
      'hourly_trends',
      'channel_performance',
      'inventory_velocity',
      'full_report',
    ]);
  });

  it('takes the full report for all eight, and each other for itself', () => {
    expect(analysesOf(FULL_REPORT)).toEqual(ANALYSIS_NAMES);
    expect(ANALYSIS_NAMES).toHaveLength(8);
    for (const name of ANALYSIS_NAMES) expect(analysesOf(name)).toEqual([name]);
  });

  it.each([...Object.entries(ANALYSES), ['realtime_dashboard', REALTIME_DASHBOARD] as const])(
    '%s: its name is its key, columns are named once, and it is ordered by columns it has, each once',
    (key, { name, columns, order }) => {
      expect(name).toBe(key);
      const names = columns.map((column) => column.name);
      expect(new Set(names).size).toBe(names.length);
      const sorted = order.map(({ column }) => column);
      expect(new Set(sorted).size).toBe(sorted.length);
      expect(names).toEqual(expect.arrayContaining(sorted));
    },
  );
});
