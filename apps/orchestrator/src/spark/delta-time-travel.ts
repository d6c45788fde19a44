import { isSparkConnectError } from 'spark-connect-js';
import type { CallOptions, SparkSession } from 'spark-connect-js';
import { expr } from 'spark-connect-js/functions';

/** Versions of a Delta table that can be read, both included. */
export interface VersionRange {
  readonly earliest: number;
  readonly latest: number;
}

/** A version, or why no version is the table as it was at that time; times in ms since 1970. */
export type VersionAt =
  | { readonly version: number }
  | { readonly tooEarly: { readonly firstCommitMs: number } }
  | { readonly tooLate: { readonly lastCommitMs: number } };

/** Never the version of a table, so that Delta refuses it and says which there are. */
const NO_VERSION = String(Number.MAX_SAFE_INTEGER);
const BEYOND_RETENTION = 'DELTA_UNSUPPORTED_TIME_TRAVEL_BEYOND_DELETED_FILE_RETENTION_DURATION';
/** Into how many parts a question cuts the versions: a million of them take five questions. */
const PROBES = 16;

/**
 * What can be read of the table; undefined where there is none. Reads names in its log, starts no Spark job. To Spark each call is
 * a query that failed: `conf/log4j2.properties` keeps it from the log.
 */
export async function versionRange(
  spark: SparkSession,
  path: string,
  options: CallOptions = {},
): Promise<VersionRange | undefined> {
  try {
    await spark.read.format('delta').option('versionAsOf', NO_VERSION).load(path).schema(options);
  } catch (error) {
    if (isMissingTable(error)) return undefined;
    if (!isSparkConnectError(error) || error.errorClass !== 'DELTA_VERSION_NOT_FOUND') throw error;
    const { earliest, latest } = error.messageParameters;
    return { earliest: Number(earliest), latest: Number(latest) };
  }
  throw new Error(`Delta did not refuse version ${NO_VERSION} of ${path}`);
}

/**
 * Delta reads no version but the latest after the time for which a table keeps its deleted files, whether or not they are still there.
 * That time in hours if the version is older; undefined if it can be read.
 */
export async function hoursItOutlived(
  spark: SparkSession,
  path: string,
  version: number,
  options: CallOptions = {},
): Promise<string | undefined> {
  try {
    await spark.read.format('delta').option('versionAsOf', String(version)).load(path).schema(options);
    return undefined;
  } catch (error) {
    if (!isSparkConnectError(error) || error.errorClass !== BEYOND_RETENTION) throw error;
    return error.messageParameters['deletedFileRetention'] ?? 'the retention';
  }
}

/** Nothing can be read at a path. Delta names some of these only in the class of the exception. */
export function isMissingTable(error: unknown): boolean {
  if (!isSparkConnectError(error)) return false;
  const { errorClass, exceptionClasses, message } = error;
  if (
    /^DELTA_(PATH_DOES_NOT_EXIST|TABLE_NOT_FOUND|MISSING_DELTA_TABLE)|^PATH_NOT_FOUND/.test(errorClass ?? '')
  )
    return true;
  return (
    exceptionClasses.includes('java.io.FileNotFoundException') || /No such file or directory: /.test(message)
  );
}

/**
 * The table as it was at a time, by Delta's rule: the latest commit at or before it. A commit is as old as its file in the log; that is
 * what Delta compares too (where no clock went back). Not `DESCRIBE HISTORY`: it reads all commits, and a stream makes tens of
 * thousands a day.
 */
export async function versionAt(
  spark: SparkSession,
  path: string,
  timeMs: number,
  range: VersionRange,
  options: CallOptions = {},
): Promise<VersionAt> {
  for (let within = range; ;) {
    const commits = await commitsOf(spark, path, spread(within), options);
    const [first, last] = [commits[0], commits.at(-1)];
    if (first === undefined || last === undefined)
      throw new Error(`The Delta table at ${path} has no commit`);
    if (timeMs < first.ms) return { tooEarly: { firstCommitMs: first.ms } };
    if (timeMs > last.ms) return { tooLate: { lastCommitMs: last.ms } };
    const next = commits.find(({ ms }) => ms > timeMs);
    if (next === undefined) return { version: last.version };
    const found = commits[commits.indexOf(next) - 1] ?? first;
    if (next.version - found.version === 1) return { version: found.version };
    within = { earliest: found.version, latest: next.version };
  }
}

/** Both ends and versions evenly between them, in order. */
function spread({ earliest, latest }: VersionRange): number[] {
  const steps = Math.min(PROBES, latest - earliest);
  if (steps === 0) return [earliest];
  return Array.from(
    { length: steps + 1 },
    (_, i) => earliest + Math.round((i * (latest - earliest)) / steps),
  );
}

interface Commit {
  readonly version: number;
  readonly ms: number;
}

/** In order of their versions. */
async function commitsOf(
  spark: SparkSession,
  path: string,
  versions: readonly number[],
  options: CallOptions,
): Promise<Commit[]> {
  const files = versions.map((version) => `${path}/_delta_log/${String(version).padStart(20, '0')}.json`);
  // The files themselves are not read: their content is not asked for.
  const rows = await spark.read
    .format('binaryFile')
    .load(...files)
    .select(
      expr("cast(regexp_extract(path, '([0-9]{20})[.]json$', 1) as bigint)").as('version'),
      expr('unix_millis(modificationTime)').as('ms'),
    )
    .collect(options);
  return rows
    .map((row) => ({ version: Number(row['version']), ms: Number(row['ms']) }))
    .sort((one, other) => one.version - other.version);
}
