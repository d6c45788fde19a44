import { LocalStorage } from './local-storage';
import { isS3Uri } from './s3-location';
import { S3Storage } from './s3-storage';
import type { S3StorageOptions } from './s3-storage';
import type { TableStorage } from './table-storage';

/** The storage that a root names. @throws UnsafeDeltaPath for one that names none. */
export function openStorage(root: string, objectStore?: S3StorageOptions): TableStorage {
  return isS3Uri(root) ? new S3Storage(root, objectStore) : new LocalStorage(root);
}
