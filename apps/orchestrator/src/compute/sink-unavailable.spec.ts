import { judgeFailure } from '../batch/failure-policy';
import { sinkFailure } from './sink-unavailable';

const coded = (code: string, message = 'a text') => Object.assign(new Error(message), { code });
const kindOf = (error: unknown) => judgeFailure(sinkFailure(error, 'db:5432'), 0).kind;

describe('a failure of the database of a sink', () => {
  it.each([
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'ENOTFOUND',
    '08006',
    '57P01',
    '57P03',
    '53300',
    '57014',
    '55P03',
    '40001',
    '40P01',
  ])('lets the batch be tried again after %s', (code) => {
    expect(kindOf(coded(code))).toBe('retry');
  });

  it.each(['Connection terminated unexpectedly', 'Query read timeout', 'timeout expired'])(
    'lets the batch be tried again after: %s',
    (message) => {
      expect(kindOf(new Error(message))).toBe('retry');
    },
  );

  it.each(['28P01', '3D000', '42501', '42703', '22P05', 'SELF_SIGNED_CERT_IN_CHAIN'])(
    'is final after %s',
    (code) => {
      expect(kindOf(coded(code))).toBe('fail');
    },
  );

  it('is one sentence with place, cause and cure, also of an error without a text', () => {
    const refused = Object.assign(new AggregateError([coded('ECONNREFUSED')]), { code: 'ECONNREFUSED' });
    expect(sinkFailure(refused, 'db:5432').message).toBe(
      'The database of the sink jdbc does not answer at db:5432 (ECONNREFUSED): ' +
        'start it or correct JDBC_URL, and retry the batch if it has failed',
    );
    expect(sinkFailure(coded('28P01', 'no'), 'db:5432').message).toMatch(
      /^The database of the sink jdbc at db:5432 refuses the analyses \(28P01: no\): check JDBC_USER/,
    );
  });
});
