import { deltaBatchRequestSchema, kafkaBatchRequestSchema } from './batch-request';

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
    [{ startDate: '0000-01-01' }, 'startDate'],
    [{ startDate: '0000-00-00' }, 'startDate'],
    [{ endDate: '+275760-09-13' }, 'endDate'],
    [{ endDate: '2025-01-15T00:00:00+02:00' }, 'endDate'],
    [{ sourceTimestamp: '2016-12-31T23:59:60Z' }, 'sourceTimestamp'],
    [{ sourceTimestamp: '2025-01-15T00:00:00' }, 'sourceTimestamp'],
    [{ sourceTimestamp: `2025-01-15T00:00:00.${'0'.repeat(50)}Z` }, 'sourceTimestamp'],
    [{ sourceVersion: 1, sourceTimestamp: '2025-01-15T00:00:00Z' }, 'sourceTimestamp'],
    [{ sourceVersion: -1 }, 'sourceVersion'],
    [{ sourceVersion: 2 ** 53 }, 'sourceVersion'],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
    [{ next: 'manual' }, 'next'],
    [{ sinks: ['s3'] }, 'sinks.0'],
    [{ webhookUrl: 'file:///etc/passwd' }, 'webhookUrl'],
    [{ webhookUrl: 'javascript:alert(1)' }, 'webhookUrl'],
    [{ labels: { Team: 'x' } }, 'labels.Team'],
    [{ labels: { team: '' } }, 'labels.team'],
    [{ labels: { team: 'a\u0000b' } }, 'labels.team'],
    [{ labels: { team: '\ud800' } }, 'labels.team'],
    [{ labels: { team: 'a\u202eb' } }, 'labels.team'],
    [{ labels: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`l${i}`, 'x'])) }, 'labels'],
    [{ filters: { city: 'a\u0000b' } }, 'filters.city'],
    [{ filters: { city: '\udc00' } }, 'filters.city'],
    [{ filters: { city: 'x'.repeat(1_001) } }, 'filters.city'],
    [{ analysisType: 'everything' }, 'analysisType'],
    [{ analysisType: '__proto__' }, 'analysisType'],
    [{ filters: { region: 'mars' } }, 'filters.region'],
    [{ filters: { quantity: '2' } }, 'filters.quantity'],
    [{ filters: [] }, 'filters'],
  ])('names the field of %j', (change, path) => {
    expect(problems(change)).toEqual([path]);
  });

  it('tells what is missing together with what is wrong', () => {
    const nothing = deltaBatchRequestSchema.safeParse({});
    expect(nothing.error?.issues.map((issue) => issue.path.join('.')).sort()).toEqual([
      'analysisType',
      'endDate',
      'startDate',
    ]);
  });

  it('needs no dates where it goes on from the batch before', () => {
    expect(problems({ startDate: undefined, endDate: undefined, next: 'auto' })).toEqual([]);
  });

  it('takes text of any language, and emoji', () => {
    expect(problems({ filters: { city: 'Zürich 東京' }, labels: { team: '👩‍💻 équipe' } })).toEqual([]);
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

describe('batch request over a range of a topic', () => {
  const kafka = {
    topic: 'transactions-batch',
    startOffset: 'earliest',
    endOffset: 'latest',
    analysisType: 'revenue_by_category',
  };
  const wrong = (change: Record<string, unknown>) =>
    kafkaBatchRequestSchema
      .safeParse({ ...kafka, ...change })
      .error?.issues.map((issue) => issue.path.join('.')) ?? [];

  it('accepts the example of the seed, and offsets as a map and as its text', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ startOffset: { '0': 1 }, endOffset: '{"0":5}' })).toEqual([]);
    expect(wrong({ startOffset: undefined, endOffset: undefined, next: 'auto' })).toEqual([]);
  });

  it.each([
    [{ topic: undefined }, 'topic'],
    [{ topic: '' }, 'topic'],
    [{ startOffset: undefined }, 'startOffset'],
    [{ endOffset: undefined }, 'endOffset'],
    [{ startOffset: 'latest' }, 'startOffset'],
    [{ endOffset: 'earliest' }, 'endOffset'],
    [{ startOffset: { '0': -3 } }, 'startOffset.0'],
  ])('names the field of %j', (change, path) => {
    expect(wrong(change)).toEqual([path]);
  });
});
