import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetNotFound, parseDatasetDefinition } from '@millrace/domain';
import type { DatasetDefinition } from '@millrace/domain';

const SUFFIX = '.json';

/** The definitions of a folder, each named by its file. They are read again each time: a new one needs no restart. */
export class DatasetFiles {
  constructor(private readonly folder: string) {}

  async names(): Promise<readonly string[]> {
    const files = await readdir(this.folder);
    return files
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .sort();
  }

  /**
   * @throws DatasetNotFound with the names there are.
   * @throws InvalidDatasetDefinition
   */
  async read(name: string): Promise<DatasetDefinition> {
    const names = await this.names();
    const known = names.find((one) => one === name);
    if (known === undefined) {
      throw new DatasetNotFound(`No data set has this name; there are ${names.join(', ') || 'none'}`);
    }
    return parseDatasetDefinition(await readFile(join(this.folder, `${known}${SUFFIX}`), 'utf8'));
  }
}
