import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidSettings } from '@millrace/generator';
import { definitionOf } from './records.fixture';
import { targetOf } from './target';
import type { TargetSettings } from './target';

const definition = (output: object = {}) =>
  definitionOf([{ name: 'id', type: 'uuid' }], { name: 'cards', output });
const settings = (output: string, more: Partial<TargetSettings> = {}): TargetSettings => ({
  output,
  format: undefined,
  isGzip: undefined,
  names: { output: '--output', format: '--format', gzip: 'SCHEMA_GZIP' },
  ...more,
});

describe('the file that is written', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-target-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    [{}, {}, 'cards.csv'],
    [{ format: 'jsonl', gzip: true }, {}, 'cards.jsonl.gz'],
    [{ format: 'jsonl' }, { format: 'csv', isGzip: true }, 'cards.csv.gz'],
    [{ gzip: true }, { isGzip: false }, 'cards.csv'],
  ] as const)('is called like the data set in a folder: %j and %j', (output, more, name) => {
    expect(targetOf(settings(folder, more), definition(output)).path).toBe(join(folder, name));
    expect(targetOf(settings(join(folder, 'new'), more), definition(output)).path).toBe(
      join(folder, 'new', name),
    );
  });

  it.each([
    ['x.csv', { format: 'csv', isGzip: false }],
    ['x.jsonl', { format: 'jsonl', isGzip: false }],
    ['x.csv.gz', { format: 'csv', isGzip: true }],
    ['x.jsonl.gz', { format: 'jsonl', isGzip: true }],
  ] as const)('is %s where it is named, which says the format', (name, expected) => {
    const path = join(folder, name);
    const opposite = definition({
      format: expected.format === 'csv' ? 'jsonl' : 'csv',
      gzip: !expected.isGzip,
    });
    expect(targetOf(settings(path), opposite)).toEqual({ path, ...expected });
    expect(targetOf(settings(path, expected), opposite)).toEqual({ path, ...expected });
  });

  it.each([
    ['x.jsonl', { format: 'csv' }, '--output must end in .csv, as --format asks for csv (it is "x.jsonl")'],
    ['x.csv', { isGzip: true }, '--output must end in .csv.gz, as SCHEMA_GZIP is true (it is "x.csv")'],
    ['x.csv.gz', { isGzip: false }, '--output must end in .csv, as SCHEMA_GZIP is false (it is "x.csv.gz")'],
  ] as const)('is not %s where other settings disagree: %j', (output, more, message) => {
    const read = () => targetOf(settings(output, more), definition());
    expect(read).toThrow(InvalidSettings);
    expect(read).toThrow(message);
  });

  it('is in a folder whatever its name, where there is one or a slash says so', () => {
    expect(targetOf(settings(`${folder}/x.csv/`), definition()).path).toBe(
      join(folder, 'x.csv', 'cards.csv'),
    );
  });

  it('is no file without a suffix that tells the format', () => {
    const path = join(folder, 'notes.txt');
    writeFileSync(path, '');
    expect(() => targetOf(settings(path), definition())).toThrow(
      '--output must be a folder, or a file that ends in .csv, .jsonl, .csv.gz or .jsonl.gz',
    );
  });
});
