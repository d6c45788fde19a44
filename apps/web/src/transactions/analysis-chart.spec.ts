import { analysisChart, MOST_BARS } from './analysis-chart';

const column = (name: string, type: string) => ({ name, type });

it('labels an hour by its day and time', () => {
  const chart = analysisChart('hourly_trends', {
    columns: [column('event_date', 'date'), column('event_hour', 'int'), column('hourly_revenue', 'double')],
    rows: [{ event_date: '2025-01-15', event_hour: 8, hourly_revenue: 12.5 }],
    total: 1,
  });
  expect(chart).toMatchObject({
    kind: 'line',
    labelName: 'event date, event hour',
    points: [{ label: '2025-01-15 · 08:00', value: 12.5 }],
  });
  expect(chart.format(12.5)).toBe('12.50');
});

it('shows the first of many groups, and those that have no name', () => {
  const rows = Array.from({ length: 50 }, (_, index) => ({
    payment_method: index === 0 ? 'cash' : 'card',
    card_network: index === 0 ? null : `network ${String(index)}`,
    transaction_count: 50 - index,
  }));
  const columns = [column('transaction_count', 'bigint')];
  const chart = analysisChart('payment_analysis', { columns, rows, total: 50 });
  expect(chart.points).toHaveLength(MOST_BARS);
  expect(chart.points.slice(0, 2)).toEqual([
    { label: 'cash', value: 50 },
    { label: 'card · network 1', value: 49 },
  ]);
  expect(chart.format(1_000)).toBe('1,000');
});
