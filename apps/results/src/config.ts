import {
  flag,
  loadConfig,
  optionalSetting,
  pageSettings,
  registrySettings,
  retentionSettings,
  serviceSettings,
  setting,
  text,
  wholeNumber,
} from '@millrace/platform';
import type { ConfigOf } from '@millrace/platform';

/** What reading and recovering results needs, in the service and in `npm run registry`. */
export const storageSettings = {
  ...registrySettings,
  ...retentionSettings,
  deltaBasePath: setting({
    env: 'DELTA_BASE_PATH',
    key: 'pipeline.delta.base-path',
    schema: text(),
    description: 'Folder, or s3a://bucket/folder, that holds the Delta tables; nothing outside it is read',
  }),
  memoryLimitMib: setting({
    env: 'RESULTS_MEMORY_LIMIT_MIB',
    key: 'pipeline.results.memory-limit-mib',
    schema: wholeNumber({ min: 64 }),
    description:
      'Memory of all readers together, in MiB; larger sorts go to disk. Parquet files are written with 160 beside it',
  }),
  readerThreads: setting({
    env: 'RESULTS_READER_THREADS',
    key: 'pipeline.results.reader-threads',
    schema: wholeNumber({ min: 1, max: 64 }),
    description: 'Threads that all readers share',
  }),
  cacheDirectory: optionalSetting({
    env: 'RESULTS_CACHE_DIRECTORY',
    key: 'pipeline.results.cache-directory',
    schema: text(),
    description:
      'Folder for Parquet files of downloads and copies of files of an object store, of this process alone; a temporary one where it is absent',
  }),
  cacheMib: setting({
    env: 'RESULTS_CACHE_MIB',
    key: 'pipeline.results.cache-mib',
    schema: wholeNumber({ min: 1 }),
    description: 'Most MiB of these copies, those that were not used for longest go first',
  }),
  s3ForcePathStyle: setting({
    env: 'S3_FORCE_PATH_STYLE',
    key: 'pipeline.s3.force-path-style',
    schema: flag(),
    description:
      'Whether the bucket is in the path of the address, as most stores that are not of AWS need it',
  }),
} as const;

export const resultsSettings = {
  ...serviceSettings,
  ...pageSettings,
  ...storageSettings,
  exportMib: setting({
    env: 'RESULTS_EXPORT_MIB',
    key: 'pipeline.results.export-mib',
    schema: wholeNumber({ min: 1 }),
    description:
      'Most MiB of the Parquet files that downloads are made of, a larger one is refused; to sort one takes up to six times as much',
  }),
  port: setting({
    env: 'RESULTS_PORT',
    key: 'pipeline.http.results-port',
    schema: wholeNumber({ min: 0, max: 65_535 }),
    description: 'Port of the results service (internal); 0 takes a free one',
  }),
} as const;

export type ResultsConfig = ConfigOf<typeof resultsSettings>;

/** Settings of this process; ends it with a readable message when they are not right. */
export const readResultsConfig = (): ResultsConfig => loadConfig(resultsSettings);
