import type { CallOptions, Options, SparkSession } from 'spark-connect-js';
import { col, collect_set, left, lit, min_by, monotonically_increasing_id } from 'spark-connect-js/functions';
import { literalPath } from './file-path';
import type { InputFile } from './list-files';
import { columnName } from './unite-rows';

/**
 * As RFC 4180 writes it. A value is given up at a million characters, or a quote that is never closed would take all the rest of a large
 * file into memory, which the streams live in too.
 */
const CSV_OPTIONS = { multiLine: true, escape: '"', maxCharsPerColumn: 1_000_000 };
/** Lines end with LF, and a CR before it is left at the end of their last value. */
const LF_LINES = { ...CSV_OPTIONS, lineSep: '\n' };

/** Longer ones are not compared. */
const HEADER_CHARS = 100_000;

/** Files that have one header, by its names. */
export interface HeaderGroup {
  /** In the order of the file; empty where a column has no name. */
  readonly names: readonly string[];
  readonly csvOptions: Options;
  readonly files: readonly InputFile[];
}

/**
 * The files by their headers: their first lines that are not empty. Files without any line are in no group.
 * @throws SparkConnectError for a file that cannot be read.
 */
export async function groupByHeader(
  spark: SparkSession,
  files: readonly InputFile[],
  options: CallOptions,
): Promise<HeaderGroup[]> {
  const lines = await firstLines(spark, files, options);
  const alike = groupBy(files, ({ path }) => {
    const line = lines.get(path);
    if (line === undefined) return undefined;
    return isWholeHeader(line) ? `line ${line.replace(/\r$/, '')}` : `file ${path}`;
  });
  const groups = await Promise.all(
    alike.map(async (group): Promise<HeaderGroup> => {
      const csvOptions = csvOptionsOf(lines.get(group[0].path) ?? '');
      return { names: await headerOf(spark, group[0], csvOptions, options), csvOptions, files: group };
    }),
  );
  // A file of nothing but empty lines has no header.
  const named = groups.filter(({ names }) => names.length > 0);
  return groupBy(named, (group) => JSON.stringify([group.names, group.csvOptions])).map((same) => ({
    ...same[0],
    files: same.flatMap((group) => group.files),
  }));
}

/**
 * Where it finds out itself how lines end, Spark reads no LF after a CRLF as an end: rows appended on another system would become one.
 * So it does only where a file begins with lines that end with CR alone, or that have nothing but it.
 */
function csvOptionsOf(firstLine: string): Options {
  return firstLine === '\r' || /\r[^]/.test(firstLine) ? CSV_OPTIONS : LF_LINES;
}

/** Otherwise the header goes on in the next line, which may be another one in each file; or it is not the first line. */
function isWholeHeader(line: string): boolean {
  const quotes = (line.match(/"/g) ?? []).length;
  return quotes % 2 === 0 && line.length < HEADER_CHARS && csvOptionsOf(line) === LF_LINES;
}

/** In one job, however many files there are. */
async function firstLines(
  spark: SparkSession,
  files: readonly InputFile[],
  options: CallOptions,
): Promise<Map<string, string>> {
  const rows = await spark.read
    .option('lineSep', '\n')
    .text(...files.map(({ path }) => literalPath(path)))
    .select(
      col('_metadata.file_path').alias('path'),
      col('_metadata.file_block_start').alias('start'),
      left('value', HEADER_CHARS).alias('value'),
      monotonically_increasing_id().alias('id'),
    )
    // Only within the piece of a file that begins it are ids in the order of lines.
    .filter(col('start').eq(0).and(col('value').neq('')))
    .groupBy('path')
    // The empty set makes Spark aggregate in a hash table: texts alone it would sort, with all lines of all files.
    .agg(min_by('value', 'id').alias('line'), collect_set(lit(null).cast('int')).alias('none'))
    .collect(options);
  // Here, and nowhere else, Spark tells paths as URIs.
  return new Map(rows.map(({ path, line }) => [decodeURIComponent(path as string), line as string]));
}

/** By the parser that reads the rows, so that its columns are theirs. */
async function headerOf(
  spark: SparkSession,
  { path }: InputFile,
  csvOptions: Options,
  options: CallOptions,
): Promise<string[]> {
  const [header] = await spark.read.options(csvOptions).csv(literalPath(path)).limit(1).collect(options);
  return Object.values(header ?? {}).map((cell) => (typeof cell === 'string' ? columnName(cell) : ''));
}

/** What has no key is in no group. */
function groupBy<T>(all: readonly T[], keyOf: (one: T) => string | undefined): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}
