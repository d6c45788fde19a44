import { fingerprintOf, requestFingerprint } from './fingerprint';
import { readBatchRequest } from './read-batch-request';

const delta = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const kafka = {
  topic: 'transactions-batch',
  startOffset: { '0': 1, '1': 2 },
  endOffset: 'latest',
  analysisType: 'hourly_trends',
};
const of = (body: object) => requestFingerprint(readBatchRequest(body));

describe('the fingerprint of a request', () => {
  it.each([
    [delta, { analysisType: delta.analysisType, endDate: delta.endDate, startDate: delta.startDate }],
    [delta, { ...delta, source: 'delta', filters: {}, labels: {}, sinks: [] }],
    [kafka, { ...kafka, startOffset: '{"1":2,"0":1}', source: 'kafka' }],
    [
      { ...delta, filters: { region: 'west', category: 'toys' } },
      { ...delta, filters: { category: 'toys', region: 'west' } },
    ],
  ])('is the same for %j and %j', (one, other) => {
    expect(of(one)).toBe(of(other));
    expect(of(one)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[object, object]>([
    [delta, { ...delta, endDate: '2025-01-16' }],
    [delta, { ...delta, source: 'seed' }],
    [delta, { ...delta, labels: { a: 'b' } }],
    [delta, { ...delta, filters: { region: 'west' } }],
    [kafka, { ...kafka, startOffset: { '0': 2, '1': 1 } }],
    [kafka, { ...kafka, startOffset: 'earliest' }],
  ])('differs for %j and %j', (one, other) => {
    expect(of(one)).not.toBe(of(other));
  });

  it('is not fooled by texts that look like JSON', () => {
    expect(fingerprintOf({ a: '1","b":"2' })).not.toBe(fingerprintOf({ a: '1', b: '2' }));
  });
});
