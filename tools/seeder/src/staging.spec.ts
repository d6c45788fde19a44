import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import { readSeederSettings } from './config';
import { makeHistory } from './history';
import type { StoredTransaction } from './history';
import { StagingFile, csvLine } from './staging';

const { history } = readSeederSettings({ TOTAL_RECORDS: '20000', DATE_RANGE_DAYS: '2' }, [], new Date());
const rows = [...makeHistory(history)];
const row = (changes: Partial<StoredTransaction>): StoredTransaction => {
  const [first] = rows;
  if (first === undefined) throw new Error('no rows');
  return { ...first, ...changes };
};

describe('csvLine', () => {
  it('has a cell per stored column, empty for null', () => {
    const cells = csvLine(row({ store_id: null, batch_id: null }))
      .trimEnd()
      .split(',');
    expect(cells).toHaveLength(32);
    expect(cells[20]).toBe('');
    expect(cells[30]).toBe('');
  });

  it('has the cells in the order of the stored columns', () => {
    const names = STORED_TRANSACTION_COLUMNS.map(({ name }) => name as keyof StoredTransaction);
    for (const each of rows.slice(0, 1000)) {
      expect(csvLine(each)).toBe(`${names.map((name) => each[name] ?? '').join(',')}\n`);
    }
  });

  it('quotes what would break a line, and the empty text that null is not', () => {
    const line = csvLine(row({ product_name: 'a "b", c\nd', brand: '' }));
    expect(line).toContain(',"a ""b"", c\nd",');
    expect(line).toContain(',"",');
  });
});

describe('StagingFile', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'staging-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('holds every row once closed, and leaves nothing when removed', async () => {
    const staging = await StagingFile.create(`${root}/_staging`, 'run');
    await staging.write(rows);
    await staging.write(rows);
    await staging.close();
    const lines = readFileSync(`${staging.folder}/rows.csv`, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(40_000);
    await staging.remove();
    expect(existsSync(`${root}/_staging`)).toBe(false);
  });

  it('leaves the file of a killed run alone until its own rows are stored, and those of others always', async () => {
    const killed = await StagingFile.create(`${root}/_staging`, 'run');
    const other = await StagingFile.create(`${root}/_staging`, 'other');
    const staging = await StagingFile.create(`${root}/_staging`, 'run');
    expect(existsSync(`${killed.folder}/rows.csv`)).toBe(true);
    await staging.removeLeftovers();
    expect([killed, other, staging].map(({ folder }) => existsSync(folder))).toEqual([false, true, false]);
    await Promise.all([killed, other, staging].map((file) => file.remove()));
  });

  it('rejects where it cannot write', async () => {
    writeFileSync(`${root}/file`, '');
    await expect(StagingFile.create(`${root}/file`, 'run')).rejects.toThrow(/ENOTDIR/);
  });
});
