import { Truth } from '@millrace/generator';
import { readSeederSettings } from './config';
import { makeHistory } from './history';
import { summaryTable } from './summary';

describe('summaryTable', () => {
  it('tells the total, the categories, the range, the average order and the fraud rate', () => {
    const { history } = readSeederSettings(
      { TOTAL_RECORDS: '400', DATE_RANGE_DAYS: '2', SEED_END_DATE: '2025-01-31', FRAUD_RATE: '1' },
      [],
      new Date(),
    );
    const rows = [...makeHistory(history)];
    const truth = new Truth();
    for (const row of rows) truth.addEvent(row, false);
    const text = summaryTable(truth.counts);
    const average = rows.reduce((sum, row) => sum + row.total_amount, 0) / 400;
    expect(text).toMatch(new RegExp(`^total +400 +100\\.00 % +${average.toFixed(2)}$`, 'm'));
    const toys = rows.filter((row) => row.category === 'toys').length;
    expect(text).toMatch(new RegExp(`^toys +${toys} `, 'm'));
    expect(text).toContain('2025-01-30 to 2025-01-31');
    expect(text).toContain('100.00 %');
  });
});
