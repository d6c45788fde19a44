import { windowOf, windowProblem } from './datetime-field';
import type { DatetimeField } from './datetime-field';
import { defined, problemsIn, written } from './definition.fixture';

const REFERENCE_MS = Date.parse('2026-03-01T12:00:00Z');
const field = (start: string, end: string, more: object = {}) => ({
  name: 't',
  type: 'datetime',
  start,
  end,
  ...more,
});
const problems = (start: string, end: string, more: object = {}) =>
  problemsIn(written([field(start, end, more)]));

function window(start: string, end: string) {
  const { startMs, endMs } = windowOf(defined([field(start, end)]).fields[0] as DatetimeField, REFERENCE_MS);
  return [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
}

describe('the window of a datetime field', () => {
  it.each([
    ['-30d', 'now', '2026-01-30T12:00:00.000Z', '2026-03-01T12:00:00.000Z'],
    ['-90s', '+2h', '2026-03-01T11:58:30.000Z', '2026-03-01T14:00:00.000Z'],
    ['-2w', '-5m', '2026-02-15T12:00:00.000Z', '2026-03-01T11:55:00.000Z'],
    ['2025-01-31', '2025-02-01T08:00:00+05:30', '2025-01-31T00:00:00.000Z', '2025-02-01T02:30:00.000Z'],
    ['2025-01-31', 'now', '2025-01-31T00:00:00.000Z', '2026-03-01T12:00:00.000Z'],
  ])('from %s to %s is absolute by the reference time', (start, end, from, to) => {
    expect(window(start, end)).toEqual([from, to]);
  });

  it.each(['yesterday', '30d', '-1y', '-1.5d', '2025-02-30', '2025-01-31T08:00:00', ''])(
    'cannot begin at %j',
    (start) => {
      expect(problems(start, 'now')).toEqual([expect.stringMatching(/^fields\[0\]\.start: must be now, /)]);
    },
  );

  it('ends after it begins, and within 100 years', () => {
    expect(problems('now', '-1d')).toEqual(['fields[0].end: must be after start']);
    expect(problems('2025-01-01', '2025-01-01')).toEqual(['fields[0].end: must be after start']);
    expect(problems('1900-01-01', '2025-01-01')).toEqual([
      'fields[0].end: must be at most 100 years after start',
    ]);
    expect(problems('9999-12-30', '9999-12-31T12:00:00Z')).toEqual([
      'fields[0].end: must be, like start, in the years 1 to 9999',
    ]);
  });

  it('of one absolute and one relative end is judged by the reference time', () => {
    expect(problems('2030-01-01', 'now')).toEqual([]);
    const declared = defined([field('2030-01-01', 'now')]).fields[0] as DatetimeField;
    expect(windowProblem(windowOf(declared, REFERENCE_MS))).toBe('must be after start');
    expect(windowProblem(windowOf(declared, Date.parse('2030-01-02')))).toBeUndefined();
  });
});

describe('how moments are spread', () => {
  const even = (places: number) => new Array<number>(places).fill(1);

  it.each([
    [{ seasonality: {} }, 'seasonality: must have hours, weekdays or both'],
    [
      { seasonality: { hours: even(23) } },
      'seasonality.hours: must be 24 weights, of the hours from 0 to 23 (UTC)',
    ],
    [
      { seasonality: { weekdays: even(8) } },
      'seasonality.weekdays: must be 7 weights, of the days from Monday to Sunday',
    ],
    [
      { seasonality: { weekdays: [0, 0, 0, 0, 0, 0, 0] } },
      'seasonality.weekdays: must have a weight above 0',
    ],
    [{ seasonality: { weekdays: [0, 0, 0, 0, 0, 0, -1] } }, 'seasonality.weekdays[6]: must be at least 0'],
    [{ ramp: { from: 0, to: 0 } }, 'ramp: must have a weight above 0'],
    [
      { ramp: { from: 0, to: 1 }, seasonality: { weekdays: even(7) } },
      'ramp: must not stand beside seasonality',
    ],
  ])('is refused: %j', (more, problem) => {
    expect(problems('-1d', 'now', more)).toEqual([`fields[0].${problem}`]);
  });
});
