import { UnsafeDeltaPath } from '../error/delta-error';
import { isS3Uri, isWithin, keyIn, parseS3Uri, s3Uri } from './s3-location';

describe('parseS3Uri', () => {
  it.each([
    ['s3a://bucket', 's3a://bucket'],
    ['s3://bucket/', 's3a://bucket'],
    ['s3://bucket/a/b', 's3a://bucket/a/b'],
    ['s3a://bucket//a///b/', 's3a://bucket/a/b'],
    ['s3a://my.bucket-1/city=a%20b/é', 's3a://my.bucket-1/city=a%20b/é'],
    ['s3a://bucket/a\nb', 's3a://bucket/a\nb'],
  ])('knows %j as %j', (uri, canonical) => {
    expect(s3Uri(parseS3Uri(uri))).toBe(canonical);
  });

  it.each([
    's3a://bucket/a/../b',
    's3a://bucket/./a',
    's3a://bucket/a\0b',
    's3a:///a',
    's3a:bucket/a',
    's3a://key:secret@bucket/a',
    's3a://Bucket/a',
    's3a://bucket:9000/a',
    's3n://bucket/a',
    '/bucket/a',
    '',
  ])('refuses %j', (uri) => {
    expect(() => parseS3Uri(uri)).toThrow(UnsafeDeltaPath);
  });

  it('tells an object store from a folder', () => {
    expect(['s3a://b', 's3://b', 'S3A://b', '/s3a', 'file:///s3', 's3a'].map(isS3Uri)).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
  });
});

describe('a folder of a bucket', () => {
  const folder = parseS3Uri('s3a://bucket/a');

  it.each([
    ['s3a://bucket/a', true],
    ['s3a://bucket/a/b', true],
    ['s3a://bucket/ab', false],
    ['s3a://bucket', false],
    ['s3a://other/a/b', false],
  ])('has %s in it: %s', (uri, expected) => {
    expect(isWithin(folder, parseS3Uri(uri))).toBe(expected);
  });

  it('is all of the bucket where it has no name', () => {
    expect(isWithin(parseS3Uri('s3a://bucket'), folder)).toBe(true);
    expect(keyIn(parseS3Uri('s3a://bucket'), 'x')).toBe('x');
  });

  it('gives keys to files in it alone', () => {
    expect(keyIn(folder, '_delta_log/0.json')).toBe('a/_delta_log/0.json');
    for (const path of ['../b', 'x/../../b', '/x', 'x//y', '.', '']) {
      expect(() => keyIn(folder, path)).toThrow(UnsafeDeltaPath);
    }
  });
});
