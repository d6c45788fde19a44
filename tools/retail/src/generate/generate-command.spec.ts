import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { runRetail } from '../retail-command';
import { KeepingTerminal } from '../terminal.fixture';
import type { RetailManifest } from './generate-command';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retail-generate-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function generate(...cliArguments: string[]) {
  const terminal = new KeepingTerminal();
  const code = await runRetail(['generate', '--output', folder, ...cliArguments], {}, terminal);
  return { code, stdout: terminal.stdout, stderr: terminal.stderr };
}

const bytesOf = (name: string) => readFileSync(join(folder, name), 'utf8');

type Row = Readonly<Record<'order_date' | 'product' | 'quantity' | 'unit_price' | 'amount', string>>;
const rowsOf = (name: string) => parse<Row>(bytesOf(name), { columns: true });

/** Exactly, of a text with two decimals. */
function paiseOf(amount: string): bigint {
  expect(amount).toMatch(/^\d+\.\d{2}$/);
  return BigInt(amount.replace('.', ''));
}

const JANUARY = ['--start-date', '2025-01-30', '--days', '3'];
const FILES = ['retail_2025-01-30.csv', 'retail_2025-01-31.csv', 'retail_2025-02-01.csv'];

describe('retail generate', () => {
  it('writes a file for each day, with the same header and a row for each sale', async () => {
    const { code } = await generate(...JANUARY, '--transactions', '7');
    expect(code).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(FILES);
    for (const name of FILES) {
      expect(bytesOf(name)).toMatch(
        /^order_id,order_date,store_id,store_city,product,quantity,unit_price,amount\n/,
      );
      expect(rowsOf(name).map(({ order_date: date }) => date)).toEqual(Array(7).fill(name.slice(7, 17)));
    }
  });

  it('makes the same bytes of a day, whatever the other days are', async () => {
    await generate(...JANUARY);
    const bytes = bytesOf('retail_2025-01-31.csv');
    await generate('--start-date', '2025-01-31', '--days', '1');
    expect(bytesOf('retail_2025-01-31.csv')).toBe(bytes);
    await generate('--start-date', '2025-01-31', '--days', '1', '--seed', 'other');
    expect(bytesOf('retail_2025-01-31.csv')).not.toBe(bytes);
  });

  it('ends today unless a first day is given', async () => {
    const before = new Date().toISOString().slice(0, 10);
    await generate('--days', '2');
    const last = readdirSync(folder).sort().at(-1)?.slice(7, 17);
    expect([before, new Date().toISOString().slice(0, 10)]).toContain(last);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('prints the names of the files and what they hold', async () => {
    const { stdout, stderr } = await generate(...JANUARY, '--transactions', '1000');
    const paise = FILES.flatMap(rowsOf).reduce((sum, { amount }) => sum + paiseOf(amount), 0n);
    expect(stdout.split('\n').slice(0, 3)).toEqual(FILES);
    expect(stdout).toContain(`3 files in ${folder}\n`);
    expect(stdout).toMatch(/rows +3,000\n/);
    const total = /total amount +₹ (\S+)\n/.exec(stdout)?.[1] ?? '';
    expect(total).toMatch(/^\d{3},\d{3}\.\d{2}$/);
    expect(paiseOf(total.replace(',', ''))).toBe(paise);
    expect(stdout).toMatch(/distinct products +15\n$/);
    expect(stderr).toBe('');
  });

  it('accounts for every paisa by day and product, in a file and as the only thing on stdout', async () => {
    const manifest = join(folder, 'truth.json');
    const { stdout } = await generate(...JANUARY, '--transactions', '500', '--manifest', manifest, '--json');
    const document = JSON.parse(stdout) as RetailManifest;
    expect(JSON.parse(bytesOf('truth.json'))).toEqual(document);
    expect(document).toMatchObject({ tool: 'retail-generate', end: 'done', files: FILES, rows: 1500 });
    let total = 0n;
    for (const { file, rows, products } of document.days) {
      const expected = new Map<string, { rows: number; paise: bigint }>();
      for (const { product, quantity, unit_price: price, amount } of rowsOf(file)) {
        expect(paiseOf(amount)).toBe(BigInt(quantity) * paiseOf(price));
        const before = expected.get(product) ?? { rows: 0, paise: 0n };
        expected.set(product, { rows: before.rows + 1, paise: before.paise + paiseOf(amount) });
        total += paiseOf(amount);
      }
      expect(rows).toBe(500);
      expect(
        Object.entries(products).map(([name, sum]) => [name, { rows: sum.rows, paise: paiseOf(sum.amount) }]),
      ).toEqual([...expected].sort(([a], [b]) => (a < b ? -1 : 1)));
    }
    expect(paiseOf(document.totalAmount)).toBe(total);
    expect(document.distinctProducts).toBe(15);
  });
});

describe('files that are there before', () => {
  const OTHERS = [
    'notes.csv',
    'retail_2020-01-01.csv.bak',
    'my_retail_2020-01-01.csv',
    '.retail_hidden.csv',
    'retail_returns.csv',
  ];

  beforeEach(() => {
    for (const name of [...OTHERS, 'retail_2020-01-01.csv', 'retail_2025-01-30.csv'])
      writeFileSync(join(folder, name), 'before\n');
    mkdirSync(join(folder, 'retail_2020-02-02.csv'));
    writeFileSync(join(folder, 'retail_2020-02-02.csv', 'retail_2020-01-01.csv'), 'before\n');
    symlinkSync(join(folder, 'notes.csv'), join(folder, 'retail_2020-02-03.csv'));
  });

  it('are removed where they are from here, and only these', async () => {
    await generate(...JANUARY);
    expect(readdirSync(folder).sort()).toEqual(
      [...OTHERS, ...FILES, 'retail_2020-02-02.csv', 'retail_2020-02-03.csv'].sort(),
    );
    for (const name of [...OTHERS, 'retail_2020-02-02.csv/retail_2020-01-01.csv'])
      expect(bytesOf(name)).toBe('before\n');
  });

  it('stay with --keep-existing, but for those of the same days', async () => {
    await generate(...JANUARY, '--keep-existing');
    expect(bytesOf('retail_2020-01-01.csv')).toBe('before\n');
    expect(rowsOf('retail_2025-01-30.csv')).toHaveLength(200);
  });

  it('stay where a setting is wrong', async () => {
    const { code, stderr } = await generate('--manifest', join(folder, 'nowhere', 'truth.json'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/^retail: --manifest must be a file that can be written \(/);
    expect(bytesOf('retail_2020-01-01.csv')).toBe('before\n');
  });
});

describe('a run that cannot be completed', () => {
  it('refuses an output that cannot be a folder, by the name of the option', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, stdout, stderr } = await generate('--output', join(folder, 'file', 'below'));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^retail: --output must be a folder, or a place for one \(.*ENOTDIR/);
  });

  it('makes folders that are missing', async () => {
    const below = join(folder, 'a', 'b');
    expect(await generate('--output', below, '--days', '1')).toMatchObject({ code: 0 });
    expect(readdirSync(below)).toHaveLength(1);
  });

  it('accounts for the files that got their names, and ends with 1', async () => {
    mkdirSync(join(folder, 'retail_2025-01-31.csv'));
    const { code, stdout, stderr } = await generate(...JANUARY, '--json');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^retail: .*retail_2025-01-31\.csv/);
    expect(JSON.parse(stdout)).toMatchObject({ end: 'failed', files: ['retail_2025-01-30.csv'], rows: 200 });
    expect(readdirSync(folder).sort()).toEqual(['retail_2025-01-30.csv', 'retail_2025-01-31.csv']);
  });

  it('says after a stop how far it came', async () => {
    const terminal = new KeepingTerminal();
    terminal.interrupt();
    const code = await runRetail(['generate', '--output', folder, '--json'], {}, terminal);
    expect(code).toBe(1);
    expect(terminal.stderr).toBe('retail: stopped after 0 of 30 files\n');
    expect(JSON.parse(terminal.stdout)).toMatchObject({ end: 'stopped', files: [], totalAmount: '0.00' });
  });
});
