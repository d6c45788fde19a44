import { retentionHours } from './retention';

it.each([
  ['interval 7 days', 168],
  ['interval 1 week', 168],
  ['INTERVAL 36 Hours', 36],
  ['168 hours', 168],
  [' interval  1   day ', 24],
  ['interval 1 month', undefined],
  ['interval 1 day 2 hours', undefined],
  ['interval -1 days', undefined],
  ['', undefined],
])('a table that says %j keeps its files for %p hours', (property, hours) => {
  expect(retentionHours(property)).toBe(hours);
});
