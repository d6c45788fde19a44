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

  it('is at once and no failure when the source got a column, for each version of it', () => {
    const policy = new RestartPolicy(1);
    const at = (version: number) =>
      `[STREAM_FAILED] Query [id = a] terminated with exception: [DELTA_SCHEMA_CHANGED_WITH_STARTING_OPTIONS] Detected schema change in version ${version}:\nstreaming`;
    expect([7, 7, 12, 12].map((version) => policy.widened('windows', at(version)))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(policy.widened('other', at(7))).toBe(true);
    expect(policy.mayStart('windows', NOW)).toBe(true);
    policy.forgetAll();
    expect(policy.widened('windows', at(7))).toBe(true);
  });

  it('is not at once for any other error', () => {
    const policy = new RestartPolicy(3);
    const errors = [null, 'no space left', '[DELTA_SCHEMA_CHANGED] Detected schema change:'];
    expect(errors.map((error) => policy.widened('windows', error))).toEqual([false, false, false]);
  });

  it('can be none at all', () => {
    expect(new RestartPolicy(1).failed('events', NOW)).toBeUndefined();
  });
});
