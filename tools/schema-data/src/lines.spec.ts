import { linesOf } from './lines';
import { definitionOf } from './records.fixture';

const { fields } = definitionOf([
  { name: 'Id ', type: 'uuid' },
  { name: 'text', type: 'category', choices: { a: 1 } },
  { name: 'number', type: 'float', distribution: { type: 'uniform', min: 0, max: 1 } },
  { name: 'flag', type: 'boolean', probability: 0.5 },
  { name: 'last', type: 'constant', value: 'x' },
]);
const TEXTS = [
  'plain',
  'a,b',
  'say "hi"',
  'two\nlines',
  'carriage\rreturn',
  '',
  ' padded ',
  'ünï😀',
  '""',
  "it's",
  '|;\t',
];

/** Cells of CSV by the grammar of RFC 4180; null where nothing is between the commas. */
function cellsOf(line: string): readonly (string | null)[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? plain || null : quoted.replaceAll('""', '"'),
  );
}

describe('lines of CSV', () => {
  const { header, lineOf } = linesOf('csv', fields);

  it('begin with the names as they are declared', () => {
    expect(header).toBe('Id ,text,number,flag,last\n');
  });

  it.each(TEXTS)('give back the text %j', (text) => {
    const line = lineOf(['id', text, 0.5, true, text]);
    expect(line.endsWith('\n')).toBe(true);
    expect(cellsOf(line.slice(0, -1))).toEqual(['id', text, '0.5', 'true', text]);
  });

  it('leave null empty, and quote an empty text', () => {
    expect(lineOf([null, null, null, null, null])).toBe(',,,,\n');
    expect(lineOf(['', '', 0, false, null])).toBe(',"",0,false,\n');
  });
});

describe('lines of JSON', () => {
  const { header, lineOf } = linesOf('jsonl', fields);

  it('have no header', () => {
    expect(header).toBe('');
  });

  it.each(TEXTS)('give back the text %j, and numbers and booleans as they are', (text) => {
    const line = lineOf(['id', text, -1e-7, false, null]);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(JSON.parse(line)).toEqual({ 'Id ': 'id', text, number: -1e-7, flag: false, last: null });
    expect(Object.keys(JSON.parse(line) as object)).toEqual(fields.map(({ name }) => name));
  });
});
