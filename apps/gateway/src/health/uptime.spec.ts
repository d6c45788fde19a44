import { formatUptime } from './uptime';

it.each([
  [0, '0s'],
  [59.9, '59s'],
  [60, '1m'],
  [3_600, '1h 0m'],
  [9_240, '2h 34m'],
  [86_400 + 3_660, '1d 1h 1m'],
])('writes %d s as %s', (seconds, text) => {
  expect(formatUptime(seconds)).toBe(text);
});
