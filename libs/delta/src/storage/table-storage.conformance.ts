import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { openedForEachTest } from '@millrace/testing';
import type { Opened } from '@millrace/testing';
import type { TableStorage } from './table-storage';

/** A storage with a way to write to it. */
export interface WritableStorage {
  readonly storage: TableStorage;
  readonly root: string;
  /** @param path relative to the root, or beside it with a `..` at its beginning. */
  readonly write: (path: string, content: string) => Promise<void>;
}

/** More than a store tells in one answer. */
const MANY = 1_010;
const NAMES = ['city=a%20b/part 0.parquet', 'é+&=.parquet', "it's <one>.parquet"];

/**
 * What every storage of tables must do. Call it at the top of a spec.
 *
 * @param open gives an empty storage.
 */
export function describeTableStorage(name: string, open: () => Promise<Opened<WritableStorage>>): void {
  describe(`${name} as a storage of tables`, () => {
    const port = openedForEachTest(open);
    describeTables(port);
    describePaths(port);
    describeListing(port);
    describeReading(port);
    describeAbsence(port);
    describeLocalNames(port);
  });
}

/** Writes a small table and opens it. */
async function aTable({ storage, root, write }: WritableStorage) {
  await write('table/_delta_log/0.json', 'one\ntwo');
  return storage.openTable(`${root}/table`);
}

function describeTables(port: () => WritableStorage): void {
  it('has no table before one is written', async () => {
    const { storage, root } = port();
    await expect(storage.openTable(`${root}/table`)).rejects.toMatchObject({ reason: 'TABLE_NOT_FOUND' });
    await expect(storage.ping()).resolves.toBeUndefined();
  });

  it('gives a table the same address for every spelling of its path', async () => {
    const { storage, root, write } = port();
    const { address } = await aTable(port());
    await write('table2/_delta_log/0.json', '');
    expect((await storage.openTable(`${root}/table/`)).address).toBe(address);
    expect((await storage.openTable(`${root}//table`)).address).toBe(address);
    expect((await storage.openTable(`${root}/table2`)).address).not.toBe(address);
  });

  it('does not take the beginning of a name for the name', async () => {
    const { storage, root } = port();
    await aTable(port());
    await expect(storage.openTable(`${root}/tab`)).rejects.toMatchObject({ reason: 'TABLE_NOT_FOUND' });
  });

  it('lists the folders directly below a folder', async () => {
    const { storage, root, write } = port();
    await write('batches/one/raw/file', '');
    await write('batches/two/raw/file', '');
    await write('batches/file', '');
    expect((await storage.listFolders(`${root}/batches`)).sort()).toEqual(['one', 'two']);
    expect(await storage.listFolders(root)).toEqual(['batches']);
    expect(await storage.listFolders(`${root}/absent`)).toEqual([]);
  });
}

function describePaths(port: () => WritableStorage): void {
  it.each(['<root>/../outside', '<root>-beside/table', 'ftp://bucket/table', 's3a://other-bucket/table', ''])(
    'refuses a table at %j',
    async (path) => {
      const { storage, root, write } = port();
      await write('../outside/_delta_log/0.json', '');
      const place = path.replace('<root>', root);
      await expect(storage.openTable(place)).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
      await expect(storage.listFolders(place)).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
    },
  );

  it('refuses a file that is not the table’s', async () => {
    const table = await aTable(port());
    await port().write('other/file', 'secret');
    const refused = { reason: 'UNSAFE_PATH' };
    await expect(table.readText('../other/file')).rejects.toMatchObject(refused);
    await expect(table.size('../other/file')).rejects.toMatchObject(refused);
    await expect(table.withLocal(['../other/file'], async () => {})).rejects.toMatchObject(refused);
  });
}

function describeListing(port: () => WritableStorage): void {
  it('lists the names in a directory, files and folders', async () => {
    const table = await aTable(port());
    await port().write('table/_delta_log/_sidecars/x', '');
    await port().write('table/part-0.parquet', '');
    expect((await table.list('_delta_log')).sort()).toEqual(['0.json', '_sidecars']);
    expect(await table.list('absent')).toEqual([]);
  });

  it('lists all of many names', async () => {
    const table = await aTable(port());
    const names = Array.from({ length: MANY }, (_, index) => `${String(index).padStart(20, '0')}.json`);
    for (let first = 0; first < MANY; first += 50) {
      const some = names.slice(first, first + 50);
      await Promise.all(some.map((name) => port().write(`table/many/${name}`, '')));
    }
    expect((await table.list('many')).sort()).toEqual(names);
  });
}

function describeReading(port: () => WritableStorage): void {
  it('reads a text and its lines', async () => {
    const table = await aTable(port());
    expect(await table.readText('_delta_log/0.json')).toBe('one\ntwo');
    expect(await linesIn(table.readLines('_delta_log/0.json'))).toEqual(['one', 'two']);
  });

  it('keeps characters whole where lines come in pieces', async () => {
    const table = await aTable(port());
    const lines = Array.from({ length: 20_000 }, (_, index) => `${index} ${'é€'.repeat(index % 7)}`);
    await port().write('table/long', lines.join('\n'));
    expect(await linesIn(table.readLines('long'))).toEqual(lines);
    expect(await table.readText('long')).toBe(lines.join('\n'));
  });

  it('reads the first line and leaves the rest', async () => {
    const table = await aTable(port());
    await port().write('table/long', 'first\n'.repeat(200_000));
    for await (const line of table.readLines('long')) {
      expect(line).toBe('first');
      break;
    }
    expect(await table.readText('_delta_log/0.json')).toBe('one\ntwo');
  });

  it('tells the size of a file and when it was written', async () => {
    const table = await aTable(port());
    expect(await table.size('_delta_log/0.json')).toBe(7);
    const writtenMs = (await table.modifiedAt('_delta_log/0.json'))?.getTime() ?? 0;
    expect(Math.abs(Date.now() - writtenMs)).toBeLessThan(60_000);
    expect(Number.isInteger(writtenMs)).toBe(true);
  });

  it.each(NAMES)('finds the file %j', async (name) => {
    const table = await aTable(port());
    await port().write(`table/${name}`, 'content');
    expect(await table.readText(name)).toBe('content');
    expect(await table.modifiedAt(name)).toBeInstanceOf(Date);
    expect(await table.withLocal([name], contentsOf)).toEqual(['content']);
  });
}

function describeAbsence(port: () => WritableStorage): void {
  it('says which file is missing', async () => {
    const table = await aTable(port());
    const missing = { reason: 'FILE_MISSING', path: expect.stringContaining('table/absent') as unknown };
    await expect(table.readText('absent')).rejects.toMatchObject(missing);
    await expect(linesIn(table.readLines('absent'))).rejects.toMatchObject(missing);
    await expect(table.withLocal(['_delta_log/0.json', 'absent'], contentsOf)).rejects.toMatchObject(missing);
  });

  it('knows neither the size nor the time of an absent file', async () => {
    const table = await aTable(port());
    for (const path of ['absent', '_delta_log/0', '_delta_log/0.json2']) {
      expect(await table.size(path)).toBeUndefined();
      expect(await table.modifiedAt(path)).toBeUndefined();
    }
  });
}

function describeLocalNames(port: () => WritableStorage): void {
  it('gives files under local names, in their order', async () => {
    const table = await aTable(port());
    await port().write('table/a', 'first');
    await port().write('table/b', 'second');
    expect(await table.withLocal(['b', 'a', 'b'], contentsOf)).toEqual(['second', 'first', 'second']);
    expect(await table.withLocal([], contentsOf)).toEqual([]);
  });

  it('keeps them in the one folder that the engine may read', async () => {
    const table = await aTable(port());
    const folder = (await port().storage.localFolder()) + sep;
    const [name] = await table.withLocal(['_delta_log/0.json'], (names) => Promise.resolve(names));
    expect(name?.startsWith(folder)).toBe(true);
  });

  it('passes on what the reading throws', async () => {
    const table = await aTable(port());
    const failure = new Error('of the reader');
    await expect(table.withLocal(['_delta_log/0.json'], () => Promise.reject(failure))).rejects.toBe(failure);
  });
}

async function linesIn(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

const contentsOf = (names: readonly string[]) => Promise.all(names.map((name) => readFile(name, 'utf8')));

/** Writes files below a local folder. */
export const writerIn =
  (folder: string) =>
  async (path: string, content: string): Promise<void> => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
