import { datasetAnalyses } from '@millrace/domain';
import { dailyColumns, figureTiles, measureCell, measureName, topSegments, trend } from './dataset-figures';

const CARDS = datasetAnalyses({
  timestamp: 'event_time',
  dimensions: ['city', 'channel', 'merchant_cat'],
  numerics: ['amount'],
  booleans: ['is_chip'],
});
const PLAIN = datasetAnalyses({ timestamp: 'at', dimensions: [], numerics: [], booleans: [] });

const day = (event_time_date: string, city: string, merchant_cat: string, sum_amount: number) => ({
  event_time_date,
  city,
  channel: 'POS',
  merchant_cat,
  record_count: 1,
  sum_amount,
});

const table = {
  columns: CARDS.daily_metrics.columns,
  rows: [
    day('2025-01-01', 'Pune', 'food', 0.1),
    day('2025-01-01', 'Pune', 'fuel', 0.2),
    day('2025-01-02', 'Delhi', 'food', 7.35),
  ],
  total: 3,
};

it('reads what the columns are from the result', () => {
  expect(dailyColumns(CARDS.daily_metrics.columns)).toEqual({
    day: 'event_time_date',
    dimensions: ['city', 'channel', 'merchant_cat'],
    measure: 'sum_amount',
  });
  expect(dailyColumns(PLAIN.daily_metrics.columns)).toEqual({
    day: 'at_date',
    dimensions: [],
    measure: 'record_count',
  });
});

it('adds up a day in the currency of the data', () => {
  const { points, valueName, format } = trend(table, 'INR');
  expect(points).toEqual([
    { label: '2025-01-01', value: 0.3 },
    { label: '2025-01-02', value: 7.35 },
  ]);
  expect([valueName, format(7.35)]).toEqual(['total amount', '₹7.35']);
});

it('counts records where nothing else can be added up', () => {
  const rows = [{ at_date: '2025-01-01', record_count: 1_200 }];
  const { points, valueName, format } = trend({ columns: PLAIN.daily_metrics.columns, rows, total: 1 }, null);
  expect([points, valueName, format(1_200)]).toEqual([
    [{ label: '2025-01-01', value: 1_200 }],
    'records',
    '1,200',
  ]);
});

it('ranks segments by the first two dimensions', () => {
  expect(topSegments(table, 'INR')).toMatchObject({
    labelName: 'city · channel',
    points: [
      { label: 'Delhi · POS', value: 7.35 },
      { label: 'Pune · POS', value: 0.3 },
    ],
  });
});

it('has a tile for each key figure, as the API has it', () => {
  const rows = [
    { record_count: 3, sum_amount: 7.65, count_is_chip: 2, avg_amount: 2.55, rate_is_chip: 0.6667 },
  ];
  expect(figureTiles({ columns: CARDS.kpis.columns, rows, total: 1 }, 'EUR')).toEqual([
    { name: 'Records', value: '3' },
    { name: 'Total amount', value: '€7.65' },
    { name: 'Count of is chip', value: '2' },
    { name: 'Average amount', value: '€2.55' },
    { name: 'Share of is chip', value: '66.67%' },
  ]);
});

it('says that there is no figure', () => {
  expect(measureCell(null, { name: 'avg_amount', type: 'double' }, 'EUR')).toBe('–');
  expect(measureName('site')).toBe('Site');
});
