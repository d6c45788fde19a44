import { Progress } from './progress';

function recorder(options: { isTTY?: boolean } = {}) {
  let nowMs = 0;
  const written: string[] = [];
  const out = { ...options, columns: 200, write: (text: string) => written.push(text) };
  const progress = new Progress({ out, name: 'tool', now: () => nowMs });
  return {
    written,
    progress,
    /** Reports once in 100 ms. */
    work: (what: string, ms: number, total: number | undefined) => {
      for (const end = nowMs + ms; nowMs <= end; nowMs += 100) progress.report(what, nowMs, total);
    },
  };
}

describe('Progress', () => {
  it('says nothing about work of two seconds', () => {
    const { work, written } = recorder();
    work('rows', 1900, 1900);
    expect(written).toEqual([]);
  });

  it('writes a line every two seconds into a log, with the share, the rate and the time left', () => {
    const { work, written } = recorder();
    work('rows', 5000, 10_000);
    expect(written).toEqual([
      'tool: rows [####....................] 20 %  2,000 of 10,000, 1,000/s, 8 s left\n',
      'tool: rows [#########...............] 40 %  4,000 of 10,000, 1,000/s, 6 s left\n',
    ]);
  });

  it('writes the end of work that it has written about', () => {
    const { work, written } = recorder();
    work('rows', 3000, 3000);
    expect(written.at(-1)).toBe('tool: rows [########################] 100 %  3,000 of 3,000, 1,000/s\n');
  });

  it('writes about endless work every ten seconds', () => {
    const { work, written } = recorder();
    work('events', 21_000, undefined);
    expect(written).toEqual([
      'tool: events: 10,000, 1,000/s (1,000/s since the start)\n',
      'tool: events: 20,000, 1,000/s (1,000/s since the start)\n',
    ]);
  });

  it('redraws one line of a terminal, and takes it away for what stays', () => {
    const { work, written, progress } = recorder({ isTTY: true });
    work('rows', 3000, 10_000);
    expect(written.length).toBeGreaterThan(3);
    expect(written.every((text) => text.startsWith('\r\u001b[Ktool: rows [') && !text.includes('\n'))).toBe(
      true,
    );
    progress.say('Kafka is back');
    expect(written.slice(-2)).toEqual(['\r\u001b[K', 'tool: Kafka is back\n']);
    progress.end();
    expect(written.at(-1)).toBe('tool: Kafka is back\n');
  });
});
