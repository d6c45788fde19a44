import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnreadableCsv, rowsOf } from './csv-rows';

const folder = mkdtempSync(join(tmpdir(), 'retail-rows-'));
const file = join(folder, 'rows.csv');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function rows(content: string | Buffer): Promise<Record<string, string>[]> {
  writeFileSync(file, content);
  const read: Record<string, string>[] = [];
  for await (const row of rowsOf(file)) read.push(Object.fromEntries(row));
  return read;
}

describe('the rows of a CSV file', () => {
  it('have names trimmed and in lower case, and values trimmed, without a byte order mark', async () => {
    expect(await rows('\uFEFF Order_ID , PRODUCT ," Amount "\n 1 ,  tea  ," 2.50 "\n')).toEqual([
      { order_id: '1', product: 'tea', amount: '2.50' },
    ]);
  });

  it.each([
    ['\n', 'LF'],
    ['\r\n', 'CRLF'],
    ['\r', 'CR'],
  ])('end with %j', async (end) => {
    expect(await rows(['a,b', '1,"x"', '2,y', ''].join(end))).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
    ]);
  });

  it('may end in different ways within a file, and without an end of the last line', async () => {
    expect(await rows('a,b\n1,"x"\r\n2,y\r\n3,z')).toEqual([
      { a: '1', b: 'x' },
      { a: '2', b: 'y' },
      { a: '3', b: 'z' },
    ]);
  });

  it('may hold line ends, commas and quotes in quotes', async () => {
    expect(await rows('a,b\n"two\r\nlines","1,5"\n"say ""hi""",5" pizza\n')).toEqual([
      { a: 'two\r\nlines', b: '1,5' },
      { a: 'say "hi"', b: '5" pizza' },
    ]);
  });

  it('are left out where all cells are blank', async () => {
    expect(await rows('\n  \na,b\n\n , \n1,\n"",""\n')).toEqual([{ a: '1', b: '' }]);
  });

  it('may have fewer cells than columns, or more', async () => {
    expect(await rows('a,,c\n1\n1,2,3,4\n')).toEqual([{ a: '1' }, { a: '1', c: '3' }]);
  });

  it('take the first of two columns of one name that is not blank', async () => {
    expect(await rows('Product,product\ntea,coffee\n,water\n')).toEqual([
      { product: 'tea' },
      { product: 'water' },
    ]);
  });

  it('are none in an empty file, and in one with a header alone', async () => {
    expect(await rows('')).toEqual([]);
    expect(await rows('a,b\n')).toEqual([]);
  });

  it('survive being cut anywhere into the pieces that a file is read in', async () => {
    const long = 'é'.repeat(70_000);
    expect(await rows(`a,b\r\n"${long}\r\n",1\r\n${long},2\r\n`)).toEqual([
      { a: long, b: '1' },
      { a: long, b: '2' },
    ]);
  });

  it('need not be read to the end', async () => {
    writeFileSync(file, `a\n${'1\n'.repeat(100_000)}`);
    for await (const row of rowsOf(file)) {
      expect(row.get('a')).toBe('1');
      break;
    }
  });

  it('are refused by file and line where a quote is never closed', async () => {
    const reading = rows('a,b\n1,2\n3,"open\n4,5\n');
    await expect(reading).rejects.toBeInstanceOf(UnreadableCsv);
    await expect(reading).rejects.toThrow(`${file} cannot be read as CSV near line `);
  });

  it('are refused where one would fill the memory', async () => {
    await expect(rows(`a,b\n1,"${'open\n'.repeat(300_000)}`)).rejects.toThrow(/near line .*(size|record)/i);
  });

  it('are refused where there is no file', async () => {
    rmSync(file);
    await expect(rowsOf(file).next()).rejects.toThrow(/rows\.csv cannot be read as CSV .*ENOENT/);
  });
});
