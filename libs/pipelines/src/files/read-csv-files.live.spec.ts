import { gzipSync } from 'node:zlib';
import type { RowObject, SparkSession } from 'spark-connect-js';
import type { FileRows } from '../file-cells';
import { cleanSales } from '../retail/clean-sales';
import { useInputFolder } from '../testing/input-folder';
import type { InputFolder } from '../testing/input-folder';
import { useSpark } from '../testing/use-spark';
import { listFiles } from './list-files';
import { readCsvFiles } from './read-csv-files';

jest.setTimeout(240_000);

let spark: SparkSession;
let folder: InputFolder;

useSpark((session) => (spark = session));
useInputFolder((used) => (folder = used));

type Files = Readonly<Record<string, string | Uint8Array>>;

async function read(files: Files): Promise<FileRows> {
  folder.write(files);
  return readCsvFiles(spark, await listFiles(spark, folder.path, ['csv']));
}

/** The rows in the order of their ids: files are read in any order. */
async function rowsOf(files: Files): Promise<RowObject[]> {
  const { rows, columns } = await read(files);
  const order = (row: RowObject) => JSON.stringify(row['id']);
  const found = (await rows.collect()).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  expect(found.every((row) => String(Object.keys(row)) === String(columns))).toBe(true);
  return found;
}

it('values are texts as they are spelled, names are lower-cased and trimmed', async () => {
  expect(await rowsOf({ 'a.csv': 'ID, Amount ,ORDER Date\n007,1.10, 2025-01-15 \n8,1e5,true\n' })).toEqual([
    { id: '007', amount: '1.10', 'order date': ' 2025-01-15 ' },
    { id: '8', amount: '1e5', 'order date': 'true' },
  ]);
});

it('quoted values have quotes, commas and lines in them', async () => {
  const text = 'id,note,"last ""one"""\n1,"a ""b"", c","x\ny"\n2,"x\r\n\r\ny",\\\n3,"\\","""\\"""\n4,"",\n';
  expect(await rowsOf({ 'a.csv': text })).toEqual([
    { id: '1', note: 'a "b", c', 'last "one"': 'x\ny' },
    { id: '2', note: 'x\r\n\r\ny', 'last "one"': '\\' },
    { id: '3', note: '\\', 'last "one"': '"\\"' },
    { id: '4', note: null, 'last "one"': null },
  ]);
});

it('files differ in the order and case of their columns, and in which they have', async () => {
  const files = {
    'a.csv': 'id,product,amount\n1,tea,10\n',
    'b.csv': 'Amount,ID,City\n20,2,Pune\n',
    'c.csv.gz': gzipSync(' ID ,PRODUCT,amount\n3,"cake\n",30\n'),
    'd.csv': 'city\nDelhi\n',
  };
  expect(await rowsOf(files)).toEqual([
    { id: '1', product: 'tea', amount: '10', city: null },
    { id: '2', product: null, amount: '20', city: 'Pune' },
    { id: '3', product: 'cake\n', amount: '30', city: null },
    { id: null, product: null, amount: null, city: 'Delhi' },
  ]);
});

it('a byte order mark is no part of the first name, compressed or quoted or not', async () => {
  const files = {
    'a.csv': '\ufeffid,x\n1,a\n',
    'b.csv.gz': gzipSync('\ufeffid,x\n2,b\n'),
    'c.csv': '\ufeff"id","x"\r\n3,c\r\n',
    'd.csv': '\ufeff"id","x\n"\r\n4,d\r\n',
  };
  expect(await rowsOf(files)).toEqual([
    { id: '1', x: 'a' },
    { id: '2', x: 'b' },
    { id: '3', x: 'c' },
    { id: '4', x: 'd' },
  ]);
});

it('lines end in any way, and empty ones are no rows, before the header either', async () => {
  const files = {
    'a.csv': '\r\n\r\nid,x\r\n1,a\r\n\r\n2,"b"\r\n\r\n',
    'b.csv': '\n\nid,x\n\n3,c\n4,d',
    'c.csv': 'id,x\r5,e\r6,"f"\r',
    'd.csv': 'id,"x"\r\n7,g\n8,"h"\r\n\r\n',
    'e.csv': 'id,x\n9,"i"\r\n\n\r\nA\r\nB,\r\n',
    'f.csv': 'id\r\nC\r\n\r\nD\n',
  };
  const found = (await rowsOf(files)).map(({ id, x }) => [id, x]);
  const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];
  const wanted = letters.map((letter, index) => [String(index + 1), letter]);
  expect(found).toEqual([...wanted, ...['A', 'B', 'C', 'D'].map((id) => [id, null])]);
});

it('files without rows bring none, and those with a header only its columns', async () => {
  const none = { 'empty.csv': '', 'blank.csv': '\n\r\n\n', 'crlf.csv': '\r\n', 'empty.csv.gz': gzipSync('') };
  const nothing = await read(none);
  expect(nothing.columns).toEqual([]);
  expect(await nothing.rows.count()).toBe(0);
  expect(await cleanSales(nothing).collect()).toEqual([]);
  const headers = await read({ 'header.csv': 'id,x', 'bom.csv': '\ufeffy\r\n' });
  expect([...headers.columns].sort()).toEqual(['id', 'x', 'y']);
  expect(await headers.rows.collect()).toEqual([]);
});

it('short rows have nulls at their end, of long ones the rest is not read', async () => {
  expect(await rowsOf({ 'a.csv': 'id,x,y\n1\n2,a\n3,a,b,c,d\n4,,\n5,"a' })).toEqual([
    { id: '1', x: null, y: null },
    { id: '2', x: 'a', y: null },
    { id: '3', x: 'a', y: 'b' },
    { id: '4', x: null, y: null },
    { id: '5', x: 'a', y: null },
  ]);
});

it('of columns with one name the first is read, and none without a name', async () => {
  const text = 'id,Amount,, amount ,"",AMOUNT,_c1,i\u0131d,_corrupt_record,a.b`c\n1,a,b,c,d,e,f,g,h,i,j\n';
  const row = { id: '1', amount: 'a', _c1: 'f', 'i\u0131d': 'g', _corrupt_record: 'h', 'a.b`c': 'i' };
  expect(await rowsOf({ 'a.csv': text })).toEqual([row]);
});

it('letters that are one in upper case are one column', async () => {
  const rows = await rowsOf({ 'a.csv': 'id,\u0131d\n1,2\n', 'b.csv': '\u0131d\n3\n' });
  expect(rows).toEqual([{ id: '1' }, { id: null }]);
});

it('rows of a file without any name count, though nothing of them can be read', async () => {
  const { rows, columns } = await read({ 'a.csv': ',\n1,2\n3,4\n', 'b.csv': ' , ,\n1\n' });
  expect(columns).toEqual([]);
  expect(await rows.count()).toBe(3);
});

it('files have names of all kinds, and texts letters of all kinds', async () => {
  const files = {
    '1 5% of %20 \u00e9\u4e2d\ud83d\ude00#?.csv': 'id,città\n1,Zürich \ud83d\ude00\n',
    '2 [a] {b,c}*\\.csv.gz': gzipSync('id,città\n2,中文\n'),
    '3 "a" & +;=\'.csv': 'id,"città\n"\n3,नमस्ते\n',
  };
  expect(await rowsOf(files)).toEqual([
    { id: '1', città: 'Zürich \ud83d\ude00' },
    { id: '2', città: '中文' },
    { id: '3', città: 'नमस्ते' },
  ]);
});

it('a header is that of its file where many files and large ones are read together', async () => {
  const rows = Array.from({ length: 400_000 }, (_, index) => `large,${index},${'x'.repeat(40)}`);
  const small = Array.from<unknown, [string, string]>({ length: 200 }, (_, index) => [
    `s${index}.csv`,
    `n${index % 7},id\nsmall,${index}\n`,
  ]);
  const { rows: found } = await read({
    'a.csv': ['id,n,x', ...rows].join('\n'),
    ...Object.fromEntries(small),
  });
  expect(await found.count()).toBe(400_200);
  expect(await found.filter('id = "large" AND n IS NOT NULL').count()).toBe(400_000);
  expect(await found.filter('n3 = "small"').count()).toBe(29);
});

it('a quote that is never closed takes the rest of its file, but not of the memory', async () => {
  expect(await rowsOf({ 'a.csv': 'id,x\n1,"a\n2,b\n3,c\n' })).toEqual([{ id: '1', x: 'a\n2,b\n3,c\n' }]);
  const { rows } = await read({ 'b.csv': `id,x\n1,"a\n${'2,b\n'.repeat(300_000)}` });
  await expect(rows.count()).rejects.toThrow('b.csv');
});

it('a compressed file that is cut off fails, by its name', async () => {
  const whole = gzipSync(
    `id,x\n${Array.from({ length: 50_000 }, (_, index) => `${index},${index * 7919}`).join('\n')}`,
  );
  const reading = read({ 'cut.csv.gz': whole.subarray(0, whole.length / 2) }).then(({ rows }) =>
    rows.collect(),
  );
  await expect(reading).rejects.toThrow('cut.csv.gz');
});
