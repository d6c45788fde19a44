import { InvalidDatasetDefinition } from '@millrace/domain';
import { valuesOf } from '../records.fixture';

const sequence = (more: object, records: number) =>
  valuesOf([{ name: 's', type: 'sequence', ...more }], records);
const pattern = (text: string, records = 500) =>
  valuesOf([{ name: 'p', type: 'pattern', pattern: text }], records).map(String);

describe('uuid', () => {
  it('is of version 4, another one in each record', () => {
    const ids = valuesOf([{ name: 'id', type: 'uuid' }], 5000).map(String);
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('differs from that of another field of the same definition', () => {
    const [a] = valuesOf([{ name: 'a', type: 'uuid' }], 1);
    const [b] = valuesOf([{ name: 'b', type: 'uuid' }], 1);
    expect(a).not.toBe(b);
  });
});

describe('sequence', () => {
  it.each([
    [{}, [1, 2, 3]],
    [{ start: 5, step: -3 }, [5, 2, -1]],
    [{ prefix: 'RD-' }, ['RD-1', 'RD-2', 'RD-3']],
    [{ prefix: '', start: 7 }, ['7', '8', '9']],
    [{ prefix: 'A', pad: 4, start: 9998 }, ['A9998', 'A9999', 'A10000']],
    [{ pad: 3, start: -1 }, ['-001', '000', '001']],
  ])('%j counts', (more, values) => {
    expect(sequence(more, 3)).toEqual(values);
  });

  it('does not grow beyond the numbers that are exact', () => {
    const start = Number.MAX_SAFE_INTEGER - 9;
    expect(sequence({ start }, 10).at(-1)).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => sequence({ start }, 11)).toThrow(InvalidDatasetDefinition);
    expect(() => sequence({ start }, 11)).toThrow(
      'fields[0].step: must keep the numbers of 11 records within 2^53',
    );
  });
});

describe('pattern', () => {
  it('puts a character for each letter and keeps the rest', () => {
    for (const text of pattern('CARD-####-????/%*')) {
      expect(text).toMatch(/^CARD-[0-9]{4}-[A-Z]{4}\/[1-9][0-9A-Z]$/);
    }
  });

  it.each([
    ['#', 10],
    ['%', 9],
    ['?', 26],
    ['*', 36],
  ])('%s is each of its characters', (letter, characters) => {
    expect(new Set(pattern(letter, 2000)).size).toBe(characters);
  });

  it('takes letters behind a backslash as they are', () => {
    for (const text of pattern('\\##\\?\\*\\%\\\\😀')) expect(text).toMatch(/^#\d\?\*%\\😀$/u);
  });
});
