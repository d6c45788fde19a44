import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DayTally } from './account';
import { writeDayFile } from './day-file';

const folder = mkdtempSync(join(tmpdir(), 'retail-day-'));
const NAME = 'retail_2025-01-31.csv';

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function write(onRows: (rows: number) => void, stop = new AbortController().signal): Promise<void> {
  const day = { date: '2025-01-31', transactions: 20_000, seed: '42' };
  return writeDayFile(folder, day, { tally: new DayTally('2025-01-31', NAME), onRows, stop });
}

describe('the file of a day', () => {
  it('has a name that readers pass over until it is complete', async () => {
    const seen = new Set<string>();
    let rows = 0;
    await write((more) => {
      rows += more;
      for (const name of readdirSync(folder)) seen.add(name);
    });
    expect([...seen]).toEqual([expect.stringMatching(/^\./)]);
    expect(readdirSync(folder)).toEqual([NAME]);
    expect(rows).toBe(20_000);
    expect(readFileSync(join(folder, NAME), 'utf8').match(/\n/g)).toHaveLength(20_001);
  });

  it('is what it was before where the writing is stopped, and nothing else is left', async () => {
    const before = readFileSync(join(folder, NAME));
    const stop = new AbortController();
    const writing = write(() => {
      stop.abort();
    }, stop.signal);
    await expect(writing).rejects.toThrow('aborted');
    expect(readdirSync(folder)).toEqual([NAME]);
    expect(readFileSync(join(folder, NAME)).equals(before)).toBe(true);
  });
});
