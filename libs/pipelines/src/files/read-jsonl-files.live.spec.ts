import { gzipSync } from 'node:zlib';
import type { RowObject, SparkSession } from 'spark-connect-js';
import { useInputFolder } from '../testing/input-folder';
import type { InputFolder } from '../testing/input-folder';
import { useSpark } from '../testing/use-spark';
import { listFiles } from './list-files';
import { readJsonlFiles } from './read-jsonl-files';

jest.setTimeout(240_000);

let spark: SparkSession;
let folder: InputFolder;

useSpark((session) => (spark = session));
useInputFolder((used) => (folder = used));

type Files = Readonly<Record<string, string | Uint8Array>>;

async function read(files: Files, names: readonly string[]): Promise<RowObject[]> {
  folder.write(files);
  const { rows, columns } = readJsonlFiles(spark, await listFiles(spark, folder.path, ['jsonl']), names);
  const found = await rows.collect();
  expect(found.every((row) => String(Object.keys(row)) === String(columns))).toBe(true);
  return found;
}

/** What the lines of one file have for `a`. */
async function values(lines: readonly string[]): Promise<unknown[]> {
  return (await read({ 'a.jsonl': lines.join('\n') }, ['a'])).map(({ a }) => a);
}

const LONG = '123456789012345678901234567890';

it.each([
  ['1.10', '1.10'],
  ['-0', '-0'],
  ['1E+400', '1E+400'],
  [LONG, LONG],
  [`-${LONG}.${LONG}e-7`, `-${LONG}.${LONG}e-7`],
  ['9'.repeat(2000), '9'.repeat(2000)],
  ['NaN', '"NaN"'],
  ['true', 'true'],
  ['null', null],
  ['""', ''],
  ['"1.10"', '1.10'],
  ['" x\\n\\u00e9\\"\\\\\\/ 5\\" "', ' x\n\u00e9"\\/ 5" '],
  ['":5,"', ':5,'],
  ['"\\":5"', '":5'],
  ['"\\\\"', '\\'],
  ['[1.10, -2, "3", {"b": 1e3, "c": [ ]}]', '[1.10,-2,"3",{"b":1e3,"c":[]}]'],
  ['{"a": {"a": 1.50}, "5": "$1"}', '{"a":{"a":1.50},"5":"$1"}'],
])('the value %s is the text %p', async (json, text) => {
  expect(await values([`{"x":":5","a":${json},"y":7.0}`, ` { "x" : 1 , "a" : ${json} } \r`])).toEqual([
    text,
    text,
  ]);
});

it('keys are found whatever their case and the blanks around them, the first of several', async () => {
  const lines = ['{" Amount ":1}', '{"AMOUNT":2,"amount":3}', '{"\\u0061mount\\t":4}', '{"amounts":5}', '{}'];
  const rows = await read({ 'a.jsonl': lines.join('\n') }, [' AMOUNT', 'amount', 'City']);
  expect(rows.map(({ amount }) => amount)).toEqual(['1', '2', '4', null, null]);
  expect(rows[0]).toEqual({ amount: '1', city: null });
});

it('a line that is no object, or not only one, is a row of nulls', async () => {
  const broken = [
    '{"a":1',
    '{"a":1}}',
    '{"a":1} {"a":2}',
    '{"a":1},{"a":2}',
    '[{"a":1}]',
    '"a"',
    '5',
    'null',
    'a,b,c',
    '{"a":01}',
    '{"a":1.}',
    '{"a":-}',
    '{"a":1,}',
    '{"a":"1}',
    "{'a':1}",
    '{a:1}',
    '{"a":"\u0001"}',
    `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  ];
  expect(await values(['{"a":"first"}', ...broken, '{"a":"last"}'])).toEqual([
    'first',
    ...broken.map(() => null),
    'last',
  ]);
});

it('blank lines, empty files and no files are no rows', async () => {
  expect(await read({}, ['a'])).toEqual([]);
  const files = {
    'a.jsonl': '\r\n \n\t\n',
    'b.jsonl': '',
    'c.jsonl.gz': gzipSync(''),
    'd.jsonl': '\ufeff\n',
  };
  expect(await read(files, ['a'])).toEqual([]);
});

it('reads compressed files, byte order marks, CRLF, and names and texts of all kinds', async () => {
  const files = {
    '1 5% %20 \u00e9#[a]*.jsonl': '\ufeff{"a":"Zürich \ud83d\ude00"}\r\n{"a":"中 5"}\r\n',
    '2.jsonl.gz': gzipSync('\ufeff{"a":"नमस्ते"}\n{"a":1.0}'),
  };
  const texts = (await read(files, ['a'])).map(({ a }) => a);
  expect(texts.sort()).toEqual(['1.0', 'Zürich \ud83d\ude00', '中 5', 'नमस्ते'].sort());
});

it('a line may be long', async () => {
  const text = 'x "\\ '.repeat(500_000);
  const list = Array.from({ length: 200_000 }, (_, index) => `${index}.50`);
  const lines = [
    JSON.stringify({ b: text, a: 1 }),
    `{"b":[${String(list)}],"a":2.0}`,
    `{"a":${'7'.repeat(100_000)}}`,
  ];
  expect(await values(lines)).toEqual(['1', '2.0', '7'.repeat(100_000)]);
});
