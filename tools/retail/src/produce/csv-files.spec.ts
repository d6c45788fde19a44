import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvFilesOf } from './csv-files';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retail-files-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const files = (path = folder) => csvFilesOf({ path, calledAs: '--input' });

function have(...names: string[]): void {
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), '');
  }
}

describe('the files to read', () => {
  it('are those named *.csv, also in folders, in order of their names', async () => {
    have('b.csv', 'a/z.csv', 'a/b/c.csv', 'a.csv', 'c.txt', 'csv', 'd.csv.bak');
    expect(await files()).toEqual(
      ['a.csv', 'a/b/c.csv', 'a/z.csv', 'b.csv'].map((name) => join(folder, name)),
    );
  });

  it('are not those that are still being written, nor what is in hidden folders', async () => {
    have('a.csv', '.b.csv', '_c.csv', '_temporary/d.csv', '.e/f.csv');
    expect(await files()).toEqual([join(folder, 'a.csv')]);
  });

  it('may be links to files; a folder of that name is searched, not read', async () => {
    have('a.csv', 'folder.csv/b.csv');
    symlinkSync(join(folder, 'a.csv'), join(folder, 'link.csv'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.csv'));
    symlinkSync(folder, join(folder, 'around.csv'));
    expect(await files()).toEqual(
      ['a.csv', 'folder.csv/b.csv', 'link.csv'].map((name) => join(folder, name)),
    );
  });

  it('may be one file, whatever its name', async () => {
    have('sales.txt');
    expect(await files(join(folder, 'sales.txt'))).toEqual([join(folder, 'sales.txt')]);
  });

  it('are asked for by the name of the option where there are none', async () => {
    have('a.txt');
    await expect(files()).rejects.toThrow(/^--input must hold files named \*\.csv .* generate makes some/);
    await expect(files(join(folder, 'b'))).rejects.toThrow(
      /^--input must be a folder with CSV files.*ENOENT/,
    );
  });
});
