import { restartDelayMs } from './restart-policy';

describe('restarting a failed query', () => {
  it('waits twice as long each time, at most a minute', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(restartDelayMs)).toEqual([
      2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
  });
});
