import { RestartPolicy, restartDelayMs } from './restart-policy';

const NOW = new Date('2026-01-01T00:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

describe('restarting a failed query', () => {
  it('waits twice as long each time, at most a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(restartDelayMs)).toEqual([
      2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });

  it('ends with the last failure that is allowed', () => {
    const policy = new RestartPolicy(3);
    expect([1, 2, 3].map(() => policy.failed('events', NOW))).toEqual([2_000, 4_000, undefined]);
  });

  it('is not before its time, and of one query only', () => {
    const policy = new RestartPolicy(3);
    policy.failed('events', NOW);
    expect(policy.mayStart('events', later(1_999))).toBe(false);
    expect(policy.mayStart('windows', NOW)).toBe(true);
    expect(policy.mayStart('events', later(2_000))).toBe(true);
  });

  it('begins to count anew after progress', () => {
    const policy = new RestartPolicy(2);
    policy.failed('events', NOW);
    policy.forget('events');
    expect(policy.mayStart('events', NOW)).toBe(true);
    expect(policy.failed('events', NOW)).toBe(2_000);
    expect(policy.failed('events', NOW)).toBeUndefined();
  });

  it('goes on for as long as what it reads is away', () => {
    const policy = new RestartPolicy(2);
    for (let i = 0; i < 5; i += 1) expect(policy.interrupted('events', NOW)).toBe(5_000);
    expect(policy.mayStart('events', later(4_999))).toBe(false);
    expect(policy.mayStart('events', later(5_000))).toBe(true);
    expect([1, 2].map(() => policy.failed('events', NOW))).toEqual([2_000, undefined]);
  });

  it('can be none at all', () => {
    expect(new RestartPolicy(1).failed('events', NOW)).toBeUndefined();
  });
});
