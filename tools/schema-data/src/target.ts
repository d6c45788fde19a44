import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DatasetDefinition, DatasetFormat } from '@millrace/domain';
import { InvalidSettings } from '@millrace/generator';

/** The file that is written. */
export interface Target {
  /** Absolute. */
  readonly path: string;
  readonly format: DatasetFormat;
  readonly isGzip: boolean;
}

/** What the user has set about it; undefined: nothing, the definition says. */
export interface TargetSettings {
  /** A file, or a folder. */
  readonly output: string;
  readonly format: DatasetFormat | undefined;
  readonly isGzip: boolean | undefined;
  /** How the user has called them. */
  readonly names: { readonly output: string; readonly format: string; readonly gzip: string };
}

const FILE_SUFFIX = /\.(csv|jsonl)(\.gz)?$/;

/** Of the name of a file: all that this tool writes. */
export function suffixOf({ format, isGzip }: Pick<Target, 'format' | 'isGzip'>): string {
  return `.${format}${isGzip ? '.gz' : ''}`;
}

/**
 * A file by its suffix, which then says the format; otherwise a folder, in which the file is called like the data set.
 * @throws InvalidSettings where the suffix and another setting disagree.
 */
export function targetOf(settings: TargetSettings, { name, output }: DatasetDefinition): Target {
  const path = resolve(settings.output);
  const [suffix, format] = isFolder(settings.output) ? [] : (FILE_SUFFIX.exec(settings.output) ?? []);
  if (suffix !== undefined) return fileTarget(settings, path, suffix, format as DatasetFormat);
  const shape = { format: settings.format ?? output.format, isGzip: settings.isGzip ?? output.gzip };
  if (existsSync(path) && !isFolder(path)) {
    throw wrongOutput(settings, 'be a folder, or a file that ends in .csv, .jsonl, .csv.gz or .jsonl.gz');
  }
  return { ...shape, path: join(path, `${name}${suffixOf(shape)}`) };
}

function fileTarget(settings: TargetSettings, path: string, suffix: string, format: DatasetFormat): Target {
  const { names } = settings;
  const isGzip = suffix.endsWith('.gz');
  const asked = { format: settings.format ?? format, isGzip: settings.isGzip ?? isGzip };
  if (asked.format !== format) {
    throw wrongOutput(settings, `end in ${suffixOf(asked)}, as ${names.format} asks for ${asked.format}`);
  }
  if (asked.isGzip !== isGzip) {
    throw wrongOutput(settings, `end in ${suffixOf(asked)}, as ${names.gzip} is ${asked.isGzip}`);
  }
  return { path, format, isGzip };
}

function isFolder(path: string): boolean {
  return /[/\\]$/.test(path) || (existsSync(path) && statSync(path).isDirectory());
}

function wrongOutput({ names, output }: TargetSettings, wanted: string): InvalidSettings {
  return new InvalidSettings(`${names.output} must ${wanted} (it is ${JSON.stringify(output)})`);
}
