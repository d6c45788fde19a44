import { join } from 'node:path';
import type { SparkSession } from 'spark-connect-js';
import { useInputFolder } from '../testing/input-folder';
import type { InputFolder } from '../testing/input-folder';
import { useSpark } from '../testing/use-spark';
import { listFiles } from './list-files';
import type { FileFormat } from './list-files';

jest.setTimeout(240_000);

let spark: SparkSession;
let folder: InputFolder;

useSpark((session) => (spark = session));
useInputFolder((used) => (folder = used));

const BOTH: FileFormat[] = ['csv', 'jsonl'];

async function names(path: string, formats = BOTH): Promise<string[]> {
  return (await listFiles(spark, path, formats)).map(({ name }) => name);
}

it('tells the files of the formats asked for, by name', async () => {
  folder.write({ 'b.csv': 'a\n', 'c.jsonl': '{}', 'a.csv.gz': 'x', 'B.jsonl.gz': 'x', 'd.json': '{}' });
  expect(await names(folder.path)).toEqual(['B.jsonl.gz', 'a.csv.gz', 'b.csv', 'c.jsonl']);
  expect(await names(folder.path, ['csv'])).toEqual(['a.csv.gz', 'b.csv']);
  expect(await names(folder.path, ['jsonl'])).toEqual(['B.jsonl.gz', 'c.jsonl']);
  expect(await names(folder.path, [])).toEqual([]);
});

it('tells where a file is, its size and when it was changed', async () => {
  const from = Date.now();
  folder.write({ 'a.csv': 'a,b\n' });
  const [file] = await listFiles(spark, `${folder.path}//`, BOTH);
  expect(file).toMatchObject({ path: `file:${folder.path}/a.csv`, format: 'csv', sizeBytes: 4 });
  expect(Math.abs((file?.modifiedAt.toDate().getTime() ?? 0) - from)).toBeLessThan(60_000);
});

it('leaves out hidden files and folders, other endings and what is empty', async () => {
  folder.write({
    'a.csv': 'a\n',
    'empty.csv': '',
    '.csv': 'a\n',
    '.a.csv': 'a\n',
    '_a.csv': 'a\n',
    '_a=1.csv': 'a\n',
    'a.csv.tmp': 'a\n',
    'a.CSV': 'a\n',
    'a.csv.bz2': 'a\n',
    csv: 'a\n',
    '_temporary/0/b.csv': 'a\n',
    'below/.c/d.csv': 'a\n',
  });
  expect(await names(folder.path)).toEqual(['a.csv']);
});

it('tells the files of folders below as well', async () => {
  folder.write({ 'a.csv': 'a\n', 'day=1/b.csv': 'a\n', 'day=1/é %20/c.csv': 'a\n', 'd.csv/e.csv': 'a\n' });
  const found = ['a.csv', 'd.csv/e.csv', 'day=1/b.csv', 'day=1/é %20/c.csv'];
  expect(await names(folder.path)).toEqual(found);
});

it('an absent and an empty folder have no files', async () => {
  expect(await names(folder.path)).toEqual([]);
  expect(await names(join(folder.path, 'absent'))).toEqual([]);
});

it('a folder may be called like a pattern, and is none', async () => {
  folder.write({ 'a[b] {c,d} 5%20 é*/e.csv': 'a\n', 'ab/f.csv': 'a\n' });
  expect(await names(join(folder.path, 'a[b] {c,d} 5%20 é*'))).toEqual(['e.csv']);
  expect(await names(`${folder.path}/*`)).toEqual([]);
});

it('other failures are told', async () => {
  folder.write({ 'a.csv': 'a\n' });
  await expect(names('millet://data/in')).rejects.toThrow('No FileSystem for scheme');
  await expect(names(join(folder.path, 'a.csv'))).rejects.toThrow('is a file');
  await expect(names('data/in')).rejects.toThrow(TypeError);
  folder.write({ 'day/10:00.csv': 'a\n' });
  await expect(names(folder.path)).rejects.toThrow(
    'day/10:00.csv cannot be read: give it a name without a colon',
  );
});
