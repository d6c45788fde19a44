import { DUPLICATE_REACH, Faults } from './faults';
import type { FaultRates, Slot } from './faults';
import { RandomFamily } from './random';

const COUNT = 100_000;
const rates: FaultRates = { malformed: 0.01, duplicate: 0.02, late: 0.03 };
const faults = (given: FaultRates) => new Faults(RandomFamily.of('faults', 'spec'), given);
const slotsOf = (given: FaultRates, count = COUNT): Slot[] => {
  const all = faults(given);
  return Array.from({ length: count }, (_, index) => all.at(index));
};
const slots = slotsOf(rates);
const MINUTE_MS = 60_000;

/** Four standard deviations of a share of so many; the seed is fixed, so a run that passes always passes. */
const bound = (share: number, of: number) => 4 * Math.sqrt((share * (1 - share)) / of);

describe('Faults', () => {
  it.each([
    ['malformed', 0.01],
    ['duplicate', 0.02],
    ['late', 0.03],
  ] as const)('puts %s at the wanted share of the places', (kind, rate) => {
    const found = slots.filter((slot) => slot.kind === kind).length / COUNT;
    expect(Math.abs(found - rate)).toBeLessThan(bound(rate, COUNT));
  });

  it('puts none where none are wanted', () => {
    const none = slotsOf({ malformed: 0, duplicate: 0, late: 0 }, 1000);
    expect(none.every(({ kind }) => kind === 'regular')).toBe(true);
  });

  it('repeats only earlier, valid and new events, as late as they were', () => {
    slots.forEach((slot, index) => {
      if (slot.kind !== 'duplicate') return;
      const original = slots[slot.at];
      const lateByMs = original?.kind === 'late' ? original.byMs : 0;
      if (
        slot.at >= index ||
        !['regular', 'late'].includes(original?.kind ?? '') ||
        slot.lateByMs !== lateByMs
      )
        throw new Error(`${index}: ${JSON.stringify([slot, original])}`);
    });
  });

  it('repeats four fifths within a thousand events, the others later', () => {
    const duplicates = slots.flatMap((slot, index) => (slot.kind === 'duplicate' ? [{ slot, index }] : []));
    for (const { slot, index } of duplicates) expect(slot.isSoon).toBe(index - slot.at <= 1000);
    const later = duplicates.filter(({ slot }) => !slot.isSoon);
    expect(Math.abs(later.length / duplicates.length - 0.2)).toBeLessThan(
      bound(0.2, duplicates.length) + 0.01,
    );
    const distances = later.map(({ slot, index }) => index - slot.at);
    expect(Math.max(...distances)).toBeGreaterThan(COUNT / 2);
  });

  it('never reaches back farther than the clock of live events remembers', () => {
    const all = faults({ ...rates, duplicate: 0.8 });
    for (let index = 3 * DUPLICATE_REACH; index < 3 * DUPLICATE_REACH + 20_000; index++) {
      const slot = all.at(index);
      if (slot.kind === 'duplicate') expect(index - slot.at).toBeLessThanOrEqual(DUPLICATE_REACH);
    }
  });

  it('has nothing to repeat at the very start, and something to repeat at any rate after it', () => {
    const many = slotsOf({ malformed: 0, duplicate: 0.9, late: 0 }, 5000);
    expect(many[0]).toEqual({ kind: 'regular' });
    const share = many.filter(({ kind }) => kind === 'duplicate').length / many.length;
    expect(share).toBeGreaterThan(0.85);
  });

  it('makes events late by 11 minutes to 3 days, in each order of magnitude', () => {
    const late = slots.flatMap((slot) => (slot.kind === 'late' ? [slot.byMs / MINUTE_MS] : []));
    expect(Math.min(...late)).toBeGreaterThanOrEqual(11);
    expect(Math.max(...late)).toBeLessThanOrEqual(3 * 24 * 60);
    for (const [from, to] of [
      [11, 22],
      [60, 180],
      [600, 1440],
      [2880, 4320],
    ] as const) {
      expect(late.filter((minutes) => minutes >= from && minutes < to).length).toBeGreaterThan(
        0.05 * late.length,
      );
    }
  });

  it('says the same of a place whatever was asked before', () => {
    const all = faults(rates);
    for (const index of [99_999, 5, 70_000, 5]) expect(all.at(index)).toEqual(slots[index]);
  });
});
