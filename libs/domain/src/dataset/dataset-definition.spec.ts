import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseDatasetDefinition } from './dataset-definition';
import { InvalidDatasetDefinition } from './dataset-problem';
import { defined, problemsIn, written } from './definition.fixture';

const ID = { name: 'id', type: 'uuid' };

describe('a definition of a data set', () => {
  it('needs no more than a name and fields', () => {
    expect(defined([ID])).toEqual({
      name: 'test',
      records: 100_000,
      seed: '42',
      output: { format: 'csv', gzip: false },
      fields: [{ ...ID, nullProbability: 0 }],
    });
  });

  it('keeps what is declared', () => {
    const more = { title: 'T', records: 7, seed: 'x', output: { format: 'jsonl', gzip: true } };
    expect(defined([ID], more)).toMatchObject(more);
    expect(defined([ID], { seed: 7 }).seed).toBe('7');
    expect(defined([ID], { output: { gzip: true } }).output).toEqual({ format: 'csv', gzip: true });
  });

  it('may begin with the mark of a Windows editor', () => {
    expect(parseDatasetDefinition(`\uFEFF${written([ID])}`).name).toBe('test');
  });

  it.each([
    ['{"name": "test"', /^definition: must be JSON \(.+\)$/],
    ['[]', /^definition: must be an object$/],
    ['{"name":"a","fields":[],"name":"b"}', /^name: must be there only once$/],
    [
      '{"name":"a","fields":[{"name":"a","type":"uuid"},{"name":"b","type":"category","choices":{"x":1,"x":2}}]}',
      /^fields\[1\]\.choices\.x: must be there only once$/,
    ],
  ])('is refused as text: %s', (json, problem) => {
    expect(problemsIn(json)).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    [
      { name: 'Cards' },
      'name: must be a lower-case letter, then at most 62 lower-case letters, digits and _',
    ],
    [{ name: '../x' }, 'name: must be a lower-case letter, then at most 62 lower-case letters, digits and _'],
    [{ title: 5 }, 'title: must be text'],
    [{ records: 0 }, 'records: must be at least 1'],
    [{ records: 1.5 }, 'records: must be a whole number'],
    [{ records: 1e10 }, 'records: must be at most 1000000000'],
    [{ seed: 1.5 }, 'seed: must be text or a whole number'],
    [{ output: { format: 'parquet' } }, 'output.format: must be one of: csv, jsonl'],
    [{ output: { zip: true } }, 'output.zip: is no key that is known here; the keys are: format, gzip'],
    [
      { rows: 5 },
      'rows: is no key that is known here; the keys are: name, title, records, seed, output, fields, analysis',
    ],
    [{ title: '\ud800' }, 'title: must be text without half surrogate pairs'],
    [{ fields: [] }, 'fields: must be at least 1 entries'],
    [{ fields: undefined }, 'fields: is missing; it must be a list'],
    [{ fields: ['id'] }, 'fields[0]: must be an object'],
  ])('is refused with its path: %j', (more, problem) => {
    expect(problemsIn(written([ID], more))).toEqual([problem]);
  });

  it('is refused with every problem, each also by path and message', () => {
    const json = written(
      [{ name: 'a', type: 'float', distribution: { type: 'normal', mean: 0, stddev: 0 } }],
      {
        records: 0,
      },
    );
    expect(() => parseDatasetDefinition(json)).toThrow(
      new InvalidDatasetDefinition([
        { path: 'records', message: 'must be at least 1' },
        { path: 'fields[0].distribution.stddev', message: 'must be above 0' },
      ]),
    );
  });
});

describe('the definitions that are shipped', () => {
  const folder = join(__dirname, '..', '..', '..', '..', 'conf', 'schemas');
  const shipped = (name: string) =>
    parseDatasetDefinition(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

  it.each(names)('are valid, and called like their files: %s', (name) => {
    expect(shipped(name).name).toBe(name);
  });

  it('have the card transactions with the columns of the specification', () => {
    expect(shipped('card_transactions').fields.map(({ name, type }) => [name, type])).toEqual([
      ['event_id', 'uuid'],
      ['event_time', 'datetime'],
      ['city', 'category'],
      ['channel', 'category'],
      ['merchant_cat', 'category'],
      ['card_id', 'pattern'],
      ['amount', 'float'],
      ['is_international', 'boolean'],
      ['is_chip', 'boolean'],
      ['is_contactless', 'boolean'],
      ['label_fraud', 'boolean'],
      ['key', 'derived'],
    ]);
  });

  it('use every type of field between them', () => {
    const used = new Set(names.flatMap((name) => shipped(name).fields.map(({ type }) => type)));
    expect(used.size).toBe(12);
  });
});
