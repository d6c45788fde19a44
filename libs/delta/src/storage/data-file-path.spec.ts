import { UnsafeDeltaPath } from '../error/delta-error';
import { decodeDataFilePath } from './data-file-path';

describe('decodeDataFilePath', () => {
  it.each([
    ['part-0.parquet', 'part-0.parquet'],
    ['day=2025-01-01/part-0.parquet', 'day=2025-01-01/part-0.parquet'],
    ['city=a%20b/part-0.parquet', 'city=a b/part-0.parquet'],
    ['city=50%2525/part-0.parquet', 'city=50%25/part-0.parquet'],
    ['city=%C3%A9+x/part-0.parquet', 'city=é+x/part-0.parquet'],
    ['a..b/part..parquet', 'a..b/part..parquet'],
  ])('decodes %s once', (encoded, decoded) => {
    expect(decodeDataFilePath(encoded)).toBe(decoded);
  });

  it.each([
    '../other/part-0.parquet',
    'day=1/../../other/part-0.parquet',
    '%2e%2e%2fother/part-0.parquet',
    '%2E%2E/other/part-0.parquet',
    '..%2Fother/part-0.parquet',
    '..\\other\\part-0.parquet',
    '/etc/passwd',
    '%2Fetc/passwd',
    '//host/part-0.parquet',
    'file:///etc/passwd',
    'file:/etc/passwd',
    's3a://bucket/part-0.parquet',
    'https://host/part-0.parquet',
    'part-0%00.parquet',
    './part-0.parquet',
    'day=1//part-0.parquet',
    '%zz.parquet',
    '',
  ])('refuses %j', (encoded) => {
    expect(() => decodeDataFilePath(encoded)).toThrow(UnsafeDeltaPath);
  });
});
