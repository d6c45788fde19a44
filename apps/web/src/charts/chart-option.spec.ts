import { chartOption, describe as describeChart } from './chart-option';
import type { SeriesChart } from './series-chart';

const colours = { text: '#111', line: '#ccc', series: '#00f', surface: '#fff' };
const chart = (kind: SeriesChart['kind'], count: number): SeriesChart => ({
  kind,
  labelName: 'day',
  valueName: 'revenue',
  points: Array.from({ length: count }, (_, index) => ({
    label: `day ${String(index)}`,
    value: index === 1 ? null : index,
  })),
  format: (value) => `€${String(value)}`,
});

it('draws days from left to right', () => {
  expect(chartOption(chart('line', 3), colours)).toMatchObject({
    xAxis: { type: 'category', data: ['day 0', 'day 1', 'day 2'] },
    series: [{ type: 'line', data: [0, null, 2] }],
  });
});

it('draws ranks from top to bottom', () => {
  expect(chartOption(chart('bar', 2), colours)).toMatchObject({
    xAxis: { type: 'value' },
    yAxis: { type: 'category', inverse: true },
  });
});

it('says what it shows, and where the rest is', () => {
  expect(describeChart(chart('line', 3))).toBe(
    'A line chart of revenue by day. day 0: €0, day 1: nothing, day 2: €2.',
  );
  expect(describeChart(chart('bar', 30))).toMatch(/day 11: €11, and 18 more; the table has all\.$/);
});
