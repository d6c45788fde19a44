import { Random } from '@millrace/generator';
import { historyDays, timesOfDay } from './calendar';
import { readSeederSettings } from './config';

const history = (environment: Record<string, string>) =>
  readSeederSettings({ SEED_END_DATE: '2025-01-31', ...environment }, [], new Date()).history;

describe('historyDays', () => {
  it.each([
    ['1000000', '90'],
    ['7', '90'],
    ['99999', '1'],
    ['123457', '365'],
  ])('shares %s records among %s days without losing one', (TOTAL_RECORDS, DATE_RANGE_DAYS) => {
    const days = historyDays(history({ TOTAL_RECORDS, DATE_RANGE_DAYS }));
    expect(days).toHaveLength(Number(DATE_RANGE_DAYS));
    expect(days.reduce((sum, { records }) => sum + records, 0)).toBe(Number(TOTAL_RECORDS));
    expect(days.at(-1)?.date).toEqual(new Date('2025-01-31T00:00:00.000Z'));
  });

  it('names each day once, in order', () => {
    const dates = historyDays(history({ DATE_RANGE_DAYS: '3' })).map(({ date }) =>
      date.toISOString().slice(0, 10),
    );
    expect(dates).toEqual(['2025-01-29', '2025-01-30', '2025-01-31']);
  });
});

describe('timesOfDay', () => {
  const date = new Date('2025-01-31T00:00:00.000Z');
  const times = timesOfDay(Random.of('times'), date, 50_000);

  it('keeps within the day, in order', () => {
    expect(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0))).toBe(true);
    expect(times[0]).toBeGreaterThanOrEqual(date.getTime());
    expect(times.at(-1)).toBeLessThan(date.getTime() + 86_400_000);
  });

  it('sells mostly between 8 and 22', () => {
    const isBusiness = (time: number) =>
      new Date(time).getUTCHours() >= 8 && new Date(time).getUTCHours() < 22;
    const share = times.filter(isBusiness).length / times.length;
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(0.95);
  });
});
