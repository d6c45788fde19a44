import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeepingTerminal } from '../terminal.fixture';
import type { Order } from './config';
import { Log } from './log';
import { eventsOfPasses } from './passes';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retail-passes-'));
  have('a.csv', ['1', '2025-01-03'], ['2', '2025-01-01']);
  have('b.csv', ['3', '2025-01-02'], ['4', '']);
  have('c.csv', ['5', 'soon'], ['6', '2025-01-02']);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function have(name: string, ...rows: [string, string][]): void {
  const lines = rows.map(([id, date]) => `${id},${date}\n`).join('');
  writeFileSync(join(folder, name), `order_id,order_date\n${lines}`);
}

interface Asked {
  readonly order?: Order;
  readonly loops?: boolean;
  readonly seed?: string;
  readonly take?: number;
}

async function keys({ order = 'file', loops = false, seed = '42', take = Infinity }: Asked) {
  const terminal = new KeepingTerminal();
  const settings = { input: { path: folder, calledAs: '--input' }, order, loops, seed, spreadsDay: false };
  const read: string[] = [];
  for await (const { key } of eventsOfPasses(settings, new Log(terminal.progress, 'info'), terminal.stop)) {
    read.push(key ?? '');
    if (read.length === take) terminal.interrupt();
  }
  return { keys: read.join(''), notes: terminal.stderr };
}

describe('the events of the files', () => {
  it('are as they stand there, file by file', async () => {
    expect(await keys({})).toEqual({ keys: '123456', notes: '' });
  });

  it('are in order of time: what happens now after the past, what has no time at the end', async () => {
    expect(await keys({ order: 'time' })).toEqual({
      keys: '236145',
      notes: 'retail: rows whose event_time cannot be read come last: 1\n',
    });
  });

  it('are shuffled by the seed', async () => {
    const shuffled = await keys({ order: 'shuffle' });
    expect(Array.from(shuffled.keys).sort().join('')).toBe('123456');
    expect(await keys({ order: 'shuffle' })).toEqual(shuffled);
    const others = await Promise.all(['a', 'b', 'c'].map((seed) => keys({ order: 'shuffle', seed })));
    expect(new Set(others.map((other) => other.keys)).size).toBeGreaterThan(1);
  });

  it('begin again until they are stopped, with a warning about their times', async () => {
    expect(await keys({ loops: true, take: 15 })).toEqual({
      keys: '123456123456123',
      notes: expect.stringMatching(/^retail: beginning again: [^\n]*\n$/) as string,
    });
  });

  it('are shuffled anew each time', async () => {
    const { keys: read } = await keys({ order: 'shuffle', loops: true, take: 24 });
    const passes = read.match(/.{6}/g) ?? [];
    expect(passes).toHaveLength(4);
    expect(new Set(passes).size).toBeGreaterThan(1);
  });

  it('end at once where there is no row, also when they are to begin again', async () => {
    for (const name of ['a.csv', 'b.csv', 'c.csv']) have(name);
    const nothing = { keys: '', notes: `retail: there is no row in the files of ${folder}\n` };
    expect(await keys({ loops: true })).toEqual(nothing);
    expect(await keys({ order: 'time' })).toEqual(nothing);
  });
});
