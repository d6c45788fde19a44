import { Timestamp } from 'spark-connect-js';
import type { RowObject, SparkSession } from 'spark-connect-js';
import { CONTRACT_METRICS } from '../pipeline';
import { fileRows } from '../testing/file-rows';
import type { Cells } from '../testing/file-rows';
import { useSpark } from '../testing/use-spark';
import { schemaDrivenAnalyses } from './analyses';
import { cleanRecords } from './clean-records';

jest.setTimeout(240_000);

const CARDS = {
  timestamp: 'event_time',
  dimensions: ['city', 'channel'],
  numerics: ['amount'],
  booleans: ['is_chip', 'label_fraud'],
};
const NOON: Cells = { event_time: '2025-01-15T12:00:00.000Z' };

let spark: SparkSession;

useSpark((session) => (spark = session));

const clean = (rows: readonly Cells[]) => cleanRecords(fileRows(spark, rows), CARDS);

const instantOf = (value: unknown) => (value instanceof Timestamp ? value.toISOString() : value);

async function cells(rows: readonly Cells[], column: string): Promise<unknown[]> {
  return (await clean(rows).collect()).map((row) => row[column]);
}

it('the time is told with its day, in UTC unless it names a zone, and the others are counted', async () => {
  const rows = [
    '2025-01-15T23:30:00.123456Z',
    '2025-01-15 23:30:00',
    '2025-01-16T01:00:00+05:30',
    ' 2025-01-15 ',
    '',
    '23:30',
    '2025',
    '2025-02-30T00:00:00Z',
    '1736899200',
  ].map((text) => ({ event_time: text }));
  const observed: RowObject[] = [];
  const records = await clean(rows).collect({
    onObservedMetrics: ({ name, values }) => {
      if (name === CONTRACT_METRICS) observed.push(values);
    },
  });
  expect(records.map((row) => [instantOf(row['event_time']), row['event_time_date']])).toEqual([
    ['2025-01-15T23:30:00.123456Z', '2025-01-15'],
    ['2025-01-15T23:30:00.000000Z', '2025-01-15'],
    ['2025-01-15T19:30:00.000000Z', '2025-01-15'],
    ['2025-01-15T00:00:00.000000Z', '2025-01-15'],
  ]);
  expect(observed).toEqual([{ received: 9n, rejected: 5n }]);
});

it('dimensions are trimmed, and UNKNOWN where they are blank or in no file', async () => {
  const rows = [{ ...NOON, city: ' Pune\t' }, { ...NOON, city: ' ' }, NOON];
  expect(await cells(rows, 'city')).toEqual(['Pune', 'UNKNOWN', 'UNKNOWN']);
  expect(await cells(rows, 'channel')).toEqual(['UNKNOWN', 'UNKNOWN', 'UNKNOWN']);
});

it('numbers that cannot be read are 0', async () => {
  const texts = ['12.5', ' -3 ', '1e2', '', 'n/a', 'NaN', 'Infinity', '1e30', '9'.repeat(22)];
  const rows = texts.map((amount) => ({ ...NOON, amount }));
  expect(await cells(rows, 'amount')).toEqual([12.5, -3, 100, 0, 0, 0, 0, 0, 0]);
  expect(await cells([NOON], 'amount')).toEqual([0]);
});

it('booleans are told in words too, and what does not say yes is false', async () => {
  const yes = ['true', 'TRUE', ' Yes ', 'y', '1', 'on', 't'];
  const no = ['false', 'no', 'n', '0', 'off', '', 'maybe', '2'];
  const rows = [...yes, ...no].map((text) => ({ ...NOON, is_chip: text }));
  expect(await cells(rows, 'is_chip')).toEqual([...yes.map(() => true), ...no.map(() => false)]);
  expect(await cells(rows.slice(0, 1), 'label_fraud')).toEqual([false]);
});

it('has the figures of each day and combination, and the same of all', async () => {
  const records = clean([
    { ...NOON, city: 'Pune', channel: 'POS', amount: '0.10', is_chip: 'true' },
    { ...NOON, city: 'Pune', channel: 'POS', amount: '0.205', is_chip: 'no' },
    { ...NOON, city: 'Delhi', channel: 'ATM', amount: '7', label_fraud: 'yes' },
    { event_time: '2025-01-14 09:00:00', city: 'Pune', channel: 'POS', amount: '1' },
  ]);
  const { daily_metrics: daily, kpis } = schemaDrivenAnalyses(CARDS);
  const figures = await daily.finish(daily.aggregate(records)).collect();
  expect(figures.map((row) => Object.values(row))).toEqual([
    ['2025-01-14', 'Pune', 'POS', 1n, 1, 0n, 0n, 1, 0, 0],
    ['2025-01-15', 'Delhi', 'ATM', 1n, 7, 0n, 1n, 7, 0, 1],
    ['2025-01-15', 'Pune', 'POS', 2n, 0.31, 1n, 0n, 0.1525, 0.5, 0],
  ]);
  expect(Object.keys(figures[0] ?? {}).join()).toBe(
    'event_time_date,city,channel,record_count,sum_amount,count_is_chip,count_label_fraud,avg_amount,rate_is_chip,rate_label_fraud',
  );
  const [all] = await kpis.finish(kpis.aggregate(records)).collect();
  expect(Object.values(all ?? {})).toEqual([4n, 8.31, 1n, 1n, 2.07625, 0.25, 0.25]);
});

it('has no rates of no records', async () => {
  const { kpis } = schemaDrivenAnalyses(CARDS);
  const [none] = await kpis.finish(kpis.aggregate(clean([{ event_time: '' }]))).collect();
  expect(Object.values(none ?? {})).toEqual([0n, 0, 0n, 0n, null, null, null]);
});

it('adds up the largest numbers that are read', async () => {
  const amount = '999999999999999.999999';
  const { kpis } = schemaDrivenAnalyses(CARDS);
  const [all] = await kpis
    .finish(
      kpis.aggregate(
        clean([
          { ...NOON, amount },
          { ...NOON, amount },
        ]),
      ),
    )
    .collect();
  expect(all?.['sum_amount']).toBe(2e15);
});

it('needs no dimension, number or flag', async () => {
  const bare = { timestamp: 'at', dimensions: [], numerics: [], booleans: [] };
  const { daily_metrics: daily, kpis } = schemaDrivenAnalyses(bare);
  const records = cleanRecords(fileRows(spark, [{ at: '2025-01-15' }, { at: '2025-01-15' }]), bare);
  expect(await daily.finish(daily.aggregate(records)).collect()).toEqual([
    { at_date: '2025-01-15', record_count: 2n },
  ]);
  expect(await kpis.finish(kpis.aggregate(records)).collect()).toEqual([{ record_count: 2n }]);
});
