import { failedAfter, loaded } from './loadable';

const asOf = new Date('2025-01-15T10:30:00Z');

it('is failed where nothing was there before', () => {
  expect(failedAfter({ kind: 'loading' }, 'away')).toEqual({ kind: 'failed', problem: 'away' });
  expect(failedAfter({ kind: 'failed', problem: 'first' }, 'away')).toEqual({
    kind: 'failed',
    problem: 'away',
  });
});

it('keeps what it has, and says since when it is old', () => {
  const old = failedAfter(loaded(7, asOf), 'away');
  expect(old).toEqual({ kind: 'ready', value: 7, asOf, problem: 'away' });
  expect(failedAfter(old, 'still away')).toMatchObject({ value: 7, asOf, problem: 'still away' });
});
