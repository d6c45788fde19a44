import { parse } from 'csv-parse/sync';
import { csvLine, lineOf } from './csv-text';
import { salesOf } from './sales';

describe('a line of CSV', () => {
  it.each([
    [['a', 'b'], 'a,b\n'],
    [['a,b', 'c'], '"a,b",c\n'],
    [['5" pizza'], '"5"" pizza"\n'],
    [['two\nlines', 'and\rmore'], '"two\nlines","and\rmore"\n'],
    [['', ' '], ', \n'],
  ])('of %j quotes what RFC 4180 asks to be quoted', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
    expect(parse(csvLine(cells))).toEqual([cells]);
  });

  it('has the cells of a sale in the order of the columns, with prices in rupees', () => {
    const [sale] = salesOf({ date: '2025-01-31', transactions: 1, seed: '42' });
    expect(
      sale && lineOf('2025-01-31', { ...sale, quantity: 3, unitPaise: 3496, amountPaise: 10_488 }),
    ).toMatch(/^20250131-0001,2025-01-31,[A-Z]{3}-\d\d,\w+,[\w ]+,3,34\.96,104\.88\n$/);
  });
});
