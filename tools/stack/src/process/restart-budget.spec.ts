import { RestartBudget } from './restart-budget';

const limits = { restarts: 3, withinMs: 1000, firstDelayMs: 100, longestDelayMs: 250 };

describe('the budget of restarts', () => {
  it('waits longer each time, up to a limit', () => {
    const budget = new RestartBudget(limits);
    expect([0, 1, 2].map((now) => budget.crashedAt(now))).toEqual([100, 200, 250]);
  });

  it('gives up after too many in a short time', () => {
    const budget = new RestartBudget(limits);
    expect([0, 1, 2, 3].map((now) => budget.crashedAt(now)).at(-1)).toBeUndefined();
  });

  it('forgets crashes of long ago', () => {
    const budget = new RestartBudget(limits);
    for (const now of [0, 1, 2]) budget.crashedAt(now);
    expect(budget.crashedAt(2000)).toBe(100);
  });
});
