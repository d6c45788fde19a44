import { UnsafeDeltaPath } from '../error/delta-error';

/** A folder of a bucket. */
export interface S3Location {
  readonly bucket: string;
  /** Empty for the whole bucket; no slash at either end. */
  readonly prefix: string;
}

/** Hadoop calls it `s3a`, everybody else `s3`. */
const S3_URI = /^s3a?:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])(?:\/(.*))?$/s;

export const isS3Uri = (uri: string): boolean => /^s3a?:/i.test(uri);

/**
 * Parses `s3a://bucket/prefix` or `s3://bucket/prefix`. Spelled as Hadoop reads it: no escapes, several slashes are one.
 *
 * @throws UnsafeDeltaPath
 */
export function parseS3Uri(uri: string): S3Location {
  const [, bucket, path = ''] = S3_URI.exec(uri) ?? [];
  if (bucket === undefined) throw new UnsafeDeltaPath(uri, 'it is not s3a://bucket/folder');
  return { bucket, prefix: checkedKey(uri, path.split('/').filter(Boolean)) };
}

export const s3Uri = ({ bucket, prefix }: S3Location): string =>
  prefix === '' ? `s3a://${bucket}` : `s3a://${bucket}/${prefix}`;

/** Whether a place is the folder itself or in it. */
export function isWithin(folder: S3Location, { bucket, prefix }: S3Location): boolean {
  if (bucket !== folder.bucket) return false;
  return folder.prefix === '' || prefix === folder.prefix || prefix.startsWith(`${folder.prefix}/`);
}

/** The key of a file of a folder. @throws UnsafeDeltaPath */
export function keyIn({ prefix }: S3Location, path: string): string {
  const key = checkedKey(path, path.split('/'));
  return prefix === '' ? key : `${prefix}/${key}`;
}

/** A store takes a dot segment for a name, but Hadoop and gateways in front of a store do not. */
function checkedKey(path: string, segments: readonly string[]): string {
  if (path.includes('\0')) throw new UnsafeDeltaPath(path, 'it has a NUL character');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new UnsafeDeltaPath(path, 'it has an empty or a dot segment');
  }
  return segments.join('/');
}
