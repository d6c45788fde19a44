import { fromCents, sumsBy, toCents } from './cents';

it('adds amounts as people do', () => {
  const dimes = Array.from({ length: 1_000_000 }, () => ({ key: 'all', amount: 0.1 }));
  expect(dimes.reduce((sum, { amount }) => sum + amount, 0)).not.toBe(100_000);
  const sums = sumsBy(
    dimes,
    ({ key }) => key,
    ({ amount }) => amount,
  );
  expect(sums.get('all')).toBe(100_000);
});

it.each([0.01, 19.99, 8_589_934_592.37, -3.35, 0])('keeps every cent of %d', (amount) => {
  expect(fromCents(toCents(amount))).toBe(amount);
});

it('keeps the order of the keys', () => {
  const rows = ['b', 'a', 'b'].map((key) => ({ key, amount: 1 }));
  expect([
    ...sumsBy(
      rows,
      ({ key }) => key,
      ({ amount }) => amount,
    ),
  ]).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});
