import { posix } from 'node:path';
import { isSparkConnectError, Timestamp } from 'spark-connect-js';
import type { CallOptions, RowObject, SparkSession } from 'spark-connect-js';
import { literalPath, pathWithin } from './file-path';

export type FileFormat = 'csv' | 'jsonl';

/** A file of input, as Spark's file system tells of it. */
export interface InputFile {
  /** From the folder on: `day.csv`, `2025/day.csv`. */
  readonly name: string;
  /** With its file system, as the readers of files take it. */
  readonly path: string;
  readonly format: FileFormat;
  /** As it is stored: of a compressed file less than what is read. */
  readonly sizeBytes: number;
  readonly modifiedAt: Timestamp;
}

/** In lower case only: Spark knows by the ending that a file is compressed, and knows no `.GZ`. */
const ENDINGS: Readonly<Record<FileFormat, RegExp>> = { csv: /\.csv(\.gz)?$/, jsonl: /\.jsonl(\.gz)?$/ };

/** Half-written files and what jobs note for themselves, and their folders, have such names. */
const HIDDEN = /(^|\/)[._]/;

/**
 * Files of these formats in a folder that the server sees and in folders below it, in the order of their names: `.csv`, `.csv.gz`, `.jsonl`, `.jsonl.gz`.
 * Files without a single byte are left out, as Spark does not tell of them. A folder that is absent has no files.
 * @param folder - an absolute path, of the server's own disk or with its file system (`hdfs://host:8020/data`); no pattern, nothing in it
 * is decoded.
 * @throws TypeError for a path that is not absolute; SparkConnectError for a file system that cannot be read; Error where the path is
 * a file, or where a name has a colon.
 */
export async function listFiles(
  spark: SparkSession,
  folder: string,
  formats: readonly FileFormat[],
  options: CallOptions = {},
): Promise<InputFile[]> {
  const within = pathWithin(folder);
  const files: InputFile[] = [];
  for (const row of await filesBelow(spark, folder, options)) {
    const path = textIn(row, 'path');
    if (pathWithin(path) === within) throw new Error(`${folder} is a file: name the folder that it is in`);
    const name = pathWithin(path).slice(within.length + 1);
    const format = formats.find((one) => ENDINGS[one].test(name));
    if (format === undefined || HIDDEN.test(name)) continue;
    if (posix.basename(name).includes(':'))
      throw new Error(
        `${name} cannot be read: give it a name without a colon, which Hadoop reads in no local file`,
      );
    files.push(inputFile(row, path, name, format));
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Without the option Spark takes folders such as `day=1` for columns, and fails where there are files beside them. */
async function filesBelow(spark: SparkSession, folder: string, options: CallOptions): Promise<RowObject[]> {
  try {
    return await spark.read
      .format('binaryFile')
      .option('recursiveFileLookup', true)
      // A file may get another name, or go, between two looks of Spark.
      .option('ignoreMissingFiles', true)
      .load(literalPath(folder))
      .select('path', 'length', 'modificationTime')
      .collect(options);
  } catch (error) {
    if (isSparkConnectError(error) && error.errorClass === 'PATH_NOT_FOUND') return [];
    throw error;
  }
}

function inputFile(row: RowObject, path: string, name: string, format: FileFormat): InputFile {
  const modifiedAt = row['modificationTime'];
  if (!(modifiedAt instanceof Timestamp)) throw new Error(`Spark told no time of ${path}`);
  return { name, path, format, sizeBytes: Number(row['length']), modifiedAt };
}

function textIn(row: RowObject, column: string): string {
  const text = row[column];
  if (typeof text !== 'string') throw new Error(`Spark told no ${column} of a file`);
  return text;
}
