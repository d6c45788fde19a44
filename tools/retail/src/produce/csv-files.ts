import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { InvalidSettings } from '@millrace/generator';
import type { ProduceSettings } from './config';

/**
 * Paths of the files to read, in order of their names below the folder. Names that begin with `.` or `_` are passed over, as by
 * Spark: these are files that are still being written. Links to files are followed, links to folders are not.
 * @throws InvalidSettings where there is no such file.
 */
export async function csvFilesOf({ path, calledAs }: ProduceSettings['input']): Promise<readonly string[]> {
  const isFolder = await isFolderAt(path, calledAs);
  const files = isFolder ? (await filesBelow(path, '')).sort().map((name) => join(path, name)) : [path];
  if (files.length > 0) return files;
  throw new InvalidSettings(
    `${calledAs} must hold files named *.csv (${path} holds none; npm run retail -- generate makes some)`,
  );
}

async function isFolderAt(path: string, calledAs: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidSettings(
      `${calledAs} must be a folder with CSV files, or one such file (${reason}; npm run retail -- generate makes some)`,
      { cause: error },
    );
  }
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (/^[._]/.test(entry.name)) continue;
    const name = folder === '' ? entry.name : `${folder}${sep}${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(root, name)));
    else if (entry.name.endsWith('.csv') && (await isFile(join(root, name)))) found.push(name);
  }
  return found;
}

/** A link that leads nowhere is no file. */
const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
