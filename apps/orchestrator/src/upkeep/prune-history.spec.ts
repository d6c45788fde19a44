import { Logger } from '@nestjs/common';
import { PruneHistory } from './prune-history';

const NOW = new Date('2026-01-02T00:00:00Z');

/** A registry with so many rows to prune, and what it was asked. */
function setUp(rows: number) {
  const asked: string[] = [];
  const registry = {
    left: rows,
    pruneHistory(endedBefore: Date, limit: number): Promise<number> {
      asked.push(endedBefore.toISOString());
      const pruned = Math.min(limit, this.left);
      this.left -= pruned;
      return Promise.resolve(pruned);
    },
  };
  return { registry, asked, prune: new PruneHistory(registry, () => NOW) };
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('pruning the history', () => {
  it('goes on until nothing is left, and leaves the last day alone', async () => {
    const { registry, asked, prune } = setUp(12_000);
    await prune.round();
    expect(registry.left).toBe(0);
    expect(new Set(asked)).toEqual(new Set(['2026-01-01T00:00:00.000Z']));
    expect(asked).toHaveLength(4);
  });

  it('does not go on when the process ends', async () => {
    const { asked, prune } = setUp(12_000);
    await prune.stop();
    await prune.round();
    expect(asked).toHaveLength(1);
  });
});
