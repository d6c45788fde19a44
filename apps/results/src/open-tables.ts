import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import type { ExportOptions } from '@millrace/delta';
import type { ConfigOf } from '@millrace/platform';
import type { storageSettings } from './config';

/**
 * The tables at the base path, to read.
 *
 * @param processName what it is called in the names of its temporary folders.
 * @param exported where it writes files of rows; absent: it does not.
 */
export function openTables(
  config: ConfigOf<typeof storageSettings>,
  processName: string,
  exported?: ExportOptions,
): DeltaTables {
  return DeltaTables.open({
    root: config.deltaBasePath,
    exported,
    memoryLimitMib: config.memoryLimitMib,
    threads: config.readerThreads,
    spillDirectory: join(tmpdir(), `${processName}-${String(process.pid)}`),
    objectStore: {
      cacheDirectory: config.cacheDirectory,
      cacheMib: config.cacheMib,
      forcePathStyle: config.s3ForcePathStyle,
    },
  });
}
