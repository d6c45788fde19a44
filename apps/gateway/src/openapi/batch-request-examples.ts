const days = { startDate: '2025-01-01', endDate: '2025-01-15' };

/** The same offset in every partition of the batch topic: a map must name all of them. */
const inEachPartition = (offset: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 12 }, (_, partition) => [String(partition), offset]));

/** Each is a request that is accepted as it stands; the first three are those of the first documents. */
export const BATCH_REQUEST_EXAMPLES = {
  dates: { summary: 'A range of days', value: { ...days, analysisType: 'revenue_by_category' } },
  filters: {
    summary: 'With filters',
    value: {
      ...days,
      analysisType: 'customer_segmentation',
      filters: { category: 'electronics', region: 'west' },
    },
  },
  topic: {
    summary: 'A whole topic',
    value: {
      topic: 'transactions-batch',
      startOffset: 'earliest',
      endOffset: 'latest',
      analysisType: 'revenue_by_category',
    },
  },
  offsets: {
    summary: 'A range of a topic: all its partitions, as a map or as its JSON text',
    value: {
      topic: 'transactions-batch',
      startOffset: inEachPartition(100),
      endOffset: JSON.stringify(inEachPartition(500)),
      analysisType: 'hourly_trends',
    },
  },
  report: {
    summary: 'All analyses, of the table as it was',
    value: { ...days, analysisType: 'full_report', sourceVersion: 12, labels: { team: 'pricing' } },
  },
  seed: {
    summary: "The seeder's table",
    value: { ...days, source: 'seed', analysisType: 'channel_performance', timeoutSeconds: 600 },
  },
  next: {
    summary: 'What came after the last one',
    value: { source: 'delta', next: 'auto', startDate: '2025-01-01', analysisType: 'fraud_analysis' },
  },
};
