import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CARDS, CommandHome, NOW } from './command-home.fixture';
import type { DatasetSummary } from './summary';

const summaryOf = (printed: string) => JSON.parse(printed) as DatasetSummary;

describe('schema generate', () => {
  let home: CommandHome;
  beforeEach(() => {
    home = new CommandHome();
  });
  afterEach(() => {
    home.remove();
  });

  it('writes the file of the data set and says what is in it', async () => {
    const { code, printed, said } = await home.generate();
    expect(code).toBe(0);
    const file = join(home.output, 'cards.csv');
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines[0]).toBe('id,Time,note');
    expect(lines).toHaveLength(22);
    const nulls = lines.filter((line) => line.endsWith(',')).length;
    expect(printed.split('\n')).toEqual([
      `cards: 20 records, ${home.read('cards.csv').length.toLocaleString('en-US')} bytes`,
      `  file              ${file}`,
      '  seed              42',
      '  reference time    2026-03-01T12:00:00.000Z',
      `  nulls             note ${nulls}`,
    ]);
    expect(said).toBe(`schema: 20 records of cards, seed 42, to ${file}\n`);
  });

  it('makes the same bytes again, gzip included, from what the summary says', async () => {
    const first = summaryOf((await home.generate('--gzip', '--json')).printed);
    const bytes = home.read('cards.csv.gz');
    rmSync(home.output, { recursive: true });
    const again = ['--gzip', '--seed', first.seed, '--reference-time', first.referenceTime];
    await home.generate(...again);
    expect(home.read('cards.csv.gz').equals(bytes)).toBe(true);
    await home.generate(...again, '--gzip=false', '--seed', '43');
    expect(home.read('cards.csv').equals(gunzipSync(bytes))).toBe(false);
  });

  it('prints its account as one document', async () => {
    const { printed } = await home.generate('--json', '--format', 'jsonl', '--records', '7');
    const summary = summaryOf(printed);
    const rows = home.read('cards.jsonl').toString().trimEnd().split('\n');
    const notes = rows.map((row) => (JSON.parse(row) as { note: string | null }).note);
    expect(summary).toMatchObject({
      tool: 'schema',
      end: 'done',
      dataset: 'cards',
      output: join(home.output, 'cards.jsonl'),
      format: 'jsonl',
      gzip: false,
      records: 7,
      bytes: home.read('cards.jsonl').length,
      seed: '42',
      referenceTime: NOW.toISOString(),
      nulls: { id: 0, Time: 0, note: notes.filter((note) => note === null).length },
    });
    expect(rows).toHaveLength(7);
  });

  it('takes the command line before the environment, and that before the definition', async () => {
    const environment = {
      SCHEMA_CONFIG_PATH: join(home.schemas, 'cards.json'),
      SCHEMA_OUTPUT: home.output,
      SCHEMA_RECORDS: '3',
      SCHEMA_FORMAT: 'jsonl',
      SCHEMA_SEED: 'env',
      SCHEMA_GZIP: 'true',
      SCHEMA_REFERENCE_TIME: '2026-01-01T05:30:00+05:30',
      JSON_SUMMARY: 'true',
    };
    expect(summaryOf((await home.run(['generate'], environment)).printed)).toMatchObject({
      output: join(home.output, 'cards.jsonl.gz'),
      records: 3,
      seed: 'env',
      referenceTime: '2026-01-01T00:00:00.000Z',
    });
    const options = ['--records', '2', '--format', 'csv', '--seed', 'cli', '--gzip=false'];
    expect(summaryOf((await home.run(['generate', ...options], environment)).printed)).toMatchObject({
      output: join(home.output, 'cards.csv'),
      records: 2,
      seed: 'cli',
    });
  });

  it('replaces the file of an earlier run', async () => {
    await home.generate('--records', '500');
    await home.generate('--records', '1');
    expect(home.read('cards.csv').toString().split('\n')).toHaveLength(3);
    expect(readdirSync(home.output)).toEqual(['cards.csv']);
  });

  it('tells files of the data set that are still there, and removes them, and only them, where it is told to', async () => {
    await home.generate('--format', 'jsonl', '--gzip');
    const others = ['cards_2.csv', 'cards.csv.bak', 'cards.parquet', 'other.csv', 'mycards.csv'];
    for (const name of others) writeFileSync(join(home.output, name), '');
    mkdirSync(join(home.output, 'cards.csv.gz'));

    const kept = await home.generate();
    expect(kept.printed).toContain('  still there       cards.jsonl.gz (--clear-output)');
    expect(existsSync(join(home.output, 'cards.jsonl.gz'))).toBe(true);

    const cleared = summaryOf((await home.generate('--clear-output', '--json', '--format', 'jsonl')).printed);
    expect(cleared).toMatchObject({ removed: ['cards.csv', 'cards.jsonl.gz'], remaining: [] });
    expect(readdirSync(home.output).sort()).toEqual([...others, 'cards.csv.gz', 'cards.jsonl'].sort());
  });

  it('leaves everything as it was where it is stopped', async () => {
    await home.generate('--format', 'jsonl');
    const before = home.read('cards.jsonl');
    const args = [
      'generate',
      '--schema',
      'cards',
      '--output',
      home.output,
      '--clear-output',
      '--format',
      'jsonl',
      '--json',
    ];
    const { code, printed, said } = await home.run([...args, '--seed', '9'], {}, AbortSignal.abort());
    expect(code).toBe(1);
    expect(said).toContain('Stopped before all records were written');
    expect(summaryOf(printed)).toMatchObject({ end: 'stopped', records: 0, bytes: 0, removed: [] });
    expect(readdirSync(home.output)).toEqual(['cards.jsonl']);
    expect(home.read('cards.jsonl').equals(before)).toBe(true);
  });

  it('says what keeps it from writing, and what to do', async () => {
    writeFileSync(home.output, 'a file where the folder should be');
    const { code, said } = await home.generate('--output', join(home.output, 'deeper'));
    expect(code).toBe(1);
    expect(said).toMatch(
      /schema: The records cannot be written to .*cards\.csv \(.*(EEXIST|ENOTDIR).*\)\. Make its folder writable, or set --output to another one\.\n$/,
    );
  });

  it.each([
    [['--records', '0'], '--records must be a whole number from 1 to 1000000000 (it is "0")'],
    [['--format', 'xml'], '--format must be one of: csv, jsonl (it is "xml")'],
    [
      ['--reference-time', 'today'],
      '--reference-time must be a time with its zone, like 2025-01-31T08:00:00Z',
    ],
    [['--gzip=1'], '--gzip must be true or false (it is "1")'],
    [['--schema', 'card'], '--schema must be the path of a definition, or one of: cards (it is "card")'],
    [['--schema', './none.json'], '--schema must be the path of a definition, or one of: cards'],
    [['--schema', tmpdir()], '--schema must be a file that can be read ('],
    [['--row', '1'], '--row is not an option; the options are --clear-output, --format, --gzip, --json, '],
  ])('refuses %j', async (args, message) => {
    const { code, said } = await home.generate(...args);
    expect(code).toBe(2);
    expect(said).toContain(`schema: ${message}`);
    expect(existsSync(home.output)).toBe(false);
  });

  it('refuses a definition with the path of each problem, and writes nothing', async () => {
    home.writeSchema('bad', { name: 'bad', fields: [{ name: 'a', type: 'uid' }], rows: 1 });
    const { code, said } = await home.generate('--schema', 'bad');
    expect(code).toBe(2);
    expect(said).toMatch(
      /^schema: the definition is not valid\nfields\[0\]\.type: must be one of: uuid, .*\nrows: is no key/,
    );
    expect(existsSync(home.output)).toBe(false);
  });

  it('refuses what only the reference time shows', async () => {
    const fields = [{ name: 't', type: 'datetime', start: '2026-02-01', end: 'now' }];
    home.writeSchema('cards', { ...CARDS, fields });
    expect((await home.generate()).code).toBe(0);
    const { code, said } = await home.generate('--reference-time', '2026-01-01T00:00:00Z');
    expect(code).toBe(2);
    expect(said).toContain('fields[0].end: must be after start');
  });
});
