import { deltaBatchRequestSchema, pageQuerySchema } from '@millrace/domain';
import { parseBody, parseQuery } from './parse';

const VALID = { startDate: '2025-01-01', endDate: '2025-01-02', analysisType: 'revenue_by_category' };

const detailsOf = (value: unknown) => {
  try {
    parseBody(deltaBatchRequestSchema, value);
    return undefined;
  } catch (error) {
    return (error as { details: { path: string; message: string }[] }).details;
  }
};

describe('parseBody', () => {
  it('gives the value as the schema reads it', () => {
    expect(parseBody(deltaBatchRequestSchema, VALID)).toEqual(VALID);
  });

  it('names nested fields by their path', () => {
    expect(detailsOf({ ...VALID, filters: { region: 'moon' } })).toMatchObject([{ path: 'filters.region' }]);
  });

  it('names each unknown field', () => {
    expect(detailsOf({ ...VALID, one: 1, two: 2 })).toEqual([
      { path: 'one', message: 'is not a known field' },
      { path: 'two', message: 'is not a known field' },
    ]);
  });

  const labelName =
    'the name of a label is a lower-case letter, then at most 62 lower-case letters, digits, _ . and -';
  it.each<[object, string, string]>([
    [{ labels: { 'a:b': 'c' } }, 'labels.a:b', labelName],
    [{ labels: { a: 1 } }, 'labels.a', 'must be text'],
    [{ labels: { a: '' } }, 'labels.a', 'must not be empty'],
    [{ labels: { a: 'x'.repeat(129) } }, 'labels.a', 'must have at most 128 characters'],
    [{ labels: 'x' }, 'labels', 'must be an object'],
    [{ sinks: 'jdbc' }, 'sinks', 'must be a list of: jdbc'],
    [{ sinks: { length: 5 } }, 'sinks', 'must be a list of: jdbc'],
    [{ sinks: ['jdbc', 'jdbc'] }, 'sinks', 'must name each sink once'],
    [{ filters: null }, 'filters', 'must be an object'],
    [{ filters: { quantity: 'x' } }, 'filters.quantity', 'must be a number'],
    [
      { filters: { region: 'x' } },
      'filters.region',
      'must be one of: north, south, east, west, central, northeast',
    ],
    [{ timeoutSeconds: 0 }, 'timeoutSeconds', 'must be at least 1'],
    [{ timeoutSeconds: 1e9 }, 'timeoutSeconds', 'must be at most 86400'],
    [{ timeoutSeconds: 1.5 }, 'timeoutSeconds', 'must be a whole number'],
    [{ next: 'x' }, 'next', 'must be auto'],
  ])('tells in one message, in plain words, what is wrong with %j', (wrong, path, message) => {
    expect(detailsOf({ ...VALID, ...wrong })).toEqual([{ path, message }]);
  });

  it.each([[[]], [null], ['x'], [1], [undefined]])('calls the whole of %j the body', (value) => {
    expect(detailsOf(value)).toEqual([{ path: 'body', message: 'must be a JSON object' }]);
  });

  it('keeps what a schema says about unknown fields', () => {
    const details = detailsOf({ ...VALID, filters: { colour: 'red' } });
    expect(details).toMatchObject([{ path: 'filters.colour' }]);
    expect(details?.[0]?.message).toContain('unknown filter column; known:');
  });
});

describe('parseQuery', () => {
  const schema = pageQuerySchema({ defaultPageSize: 100, maxPageSize: 1_000 });

  it('tells of a parameter that is given again, and of what is wrong besides', () => {
    expect(() => parseQuery(schema, { limit: ['5', '6'], offset: 'x' })).toThrow(
      'limit: must be given once; offset: must be a whole number of rows to skip, at most 15 digits',
    );
  });

  it('takes no query for an empty one', () => {
    expect(parseQuery(schema, undefined)).toEqual({ limit: 100, offset: 0 });
  });
});
