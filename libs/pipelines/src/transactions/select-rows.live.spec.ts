import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import type { DataFrame } from 'spark-connect-js';
import type { RowSelection } from '../pipeline';
import { at, transactions } from '../testing/live-transactions';
import { transactionsPipeline } from './transactions-pipeline';

jest.setTimeout(240_000);

const DAYS = ['2025-01-14', '2025-01-15', '2025-01-16', '2025-01-17'] as const;
const FILTERS = { category: 'books', region: 'west', quantity: 2, unit_price: 10, is_fraudulent: true };

let spark: SparkSession;
let folder: string;
let table: DataFrame;

/** Two rows a day: one that all filters take, one that differs in each filtered column. */
beforeAll(async () => {
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
  folder = await mkdtemp(join(tmpdir(), 'millrace-selection-'));
  const path = join(folder, 'transactions');
  const rows = DAYS.flatMap((day) => {
    const event_timestamp = at(`${day}T23:59:59.999Z`);
    const other = { category: 'toys', region: 'east', quantity: 1, unit_price: 10.5, is_fraudulent: false };
    return [
      { ...FILTERS, event_timestamp, transaction_id: `${day} taken` },
      { ...other, event_timestamp, transaction_id: `${day} left` },
    ];
  });
  await transactions(spark, rows).write.format('delta').partitionBy('event_date').save(path);
  table = spark.read.format('delta').load(path);
});

afterAll(async () => {
  await spark.stop();
  await rm(folder, { recursive: true, force: true });
});

const EVERYTHING: RowSelection = { startDate: null, endDate: null, afterEventTimestamp: null, filters: null };

const select = (selection: Partial<RowSelection>) =>
  transactionsPipeline.selectRows(table, { ...EVERYTHING, ...selection });

async function idsOf(rows: DataFrame): Promise<unknown[]> {
  const found = await rows.select('transaction_id').orderBy('transaction_id').collect();
  return found.map((row) => row['transaction_id']);
}

/** The part in brackets after this label in an explained plan, without the numbers Spark gives to columns. */
function listed(plan: string, label: string): string[] {
  const [, list] = new RegExp(`^${label}: \\[(.*)\\]$`, 'm').exec(plan) ?? [];
  if (list === undefined) throw new Error(`The plan has no ${label}: ${plan}`);
  return list.replaceAll(/#\d+/g, '').split(/, (?=[A-Z(i])/);
}

describe('a selection of stored rows', () => {
  it('takes both days of the range, and nothing else', async () => {
    const ids = await idsOf(select({ startDate: '2025-01-15', endDate: '2025-01-16' }));
    expect(ids).toEqual(['2025-01-15 left', '2025-01-15 taken', '2025-01-16 left', '2025-01-16 taken']);
  });

  it.each<[string, Partial<RowSelection>, number]>([
    ['all without a range', {}, 8],
    ['from a day on', { startDate: '2025-01-16' }, 4],
    ['up to a day', { endDate: '2025-01-14' }, 2],
    [
      'what is later than an event, to the microsecond',
      { afterEventTimestamp: '2025-01-15T23:59:59.998999Z' },
      6,
    ],
    ['nothing of the instant itself', { afterEventTimestamp: '2025-01-15T23:59:59.999000Z' }, 4],
    ['none of a range before the first', { startDate: '1999-01-01', endDate: '1999-12-31' }, 0],
  ])('takes %s', async (_what, selection, count) => {
    expect(await select(selection).count()).toBe(count);
  });

  it.each(Object.entries(FILTERS))('takes the rows whose %s is %p', async (column, value) => {
    const ids = await idsOf(select({ filters: { [column]: value } }));
    expect(ids).toEqual(DAYS.map((day) => `${day} taken`));
  });

  it('takes the rows that all filters take', async () => {
    expect(await select({ filters: FILTERS }).count()).toBe(4);
    expect(await select({ filters: { ...FILTERS, region: 'east' } }).count()).toBe(0);
  });

  it('takes a text as it is, whatever it looks like', async () => {
    expect(await select({ filters: { city: "x' OR '1'='1" } }).count()).toBe(0);
  });

  it('compares with a number that no INT can hold', async () => {
    expect(await select({ filters: { unit_price: 1e300 } }).count()).toBe(0);
  });

  it('prunes partitions by the range and pushes the filters to Parquet, each in the type of its column', async () => {
    const plan = await select({ startDate: '2025-01-15', endDate: '2025-01-16', filters: FILTERS }).explain(
      'formatted',
    );
    expect(listed(plan, 'PartitionFilters').sort()).toEqual(
      ['isnotnull(event_date)', '(event_date >= 2025-01-15)', '(event_date <= 2025-01-16)'].sort(),
    );
    expect(listed(plan, 'PushedFilters')).toEqual(
      expect.arrayContaining([
        'EqualTo(category,books)',
        'EqualTo(region,west)',
        'EqualTo(quantity,2)',
        'EqualTo(unit_price,10.0)',
        'EqualTo(is_fraudulent,true)',
      ]),
    );
    expect(plan).not.toContain('cast(');
  });
});

it('prunes the days before the instant that a selection continues after', async () => {
  const plan = await select({ afterEventTimestamp: '2025-01-15T23:59:59.999000Z' }).explain('formatted');
  expect(listed(plan, 'PartitionFilters')).toContain('(event_date >= 2025-01-15)');
  expect(listed(plan, 'PushedFilters').join()).toContain('GreaterThan(event_timestamp,2025-01-15');
});

describe('the raw rows of a batch', () => {
  const raw = () => transactionsPipeline.toRawOutput(select({ filters: FILTERS }), 'batch-1', EVERYTHING);

  it('cost one shuffle and one sort, the observation none', async () => {
    const plan = await raw().explain('simple');
    expect(plan).toContain('CollectMetrics raw');
    expect(plan.match(/Exchange/g)).toHaveLength(1);
    expect(plan.match(/Sort/g)).toHaveLength(1);
  });
});

// Last: takes files of the table away.
describe('files of other days', () => {
  it('are not read', async () => {
    for (const day of ['2025-01-14', '2025-01-17']) {
      const partition = join(folder, 'transactions', `event_date=${day}`);
      expect((await readdir(partition)).some((file) => file.endsWith('.parquet'))).toBe(true);
      await rm(partition, { recursive: true });
    }
    const ids = await idsOf(select({ startDate: '2025-01-15', endDate: '2025-01-16', filters: FILTERS }));
    expect(ids).toEqual(['2025-01-15 taken', '2025-01-16 taken']);
    await expect(idsOf(select({ endDate: '2025-01-16', filters: FILTERS }))).rejects.toThrow(
      /does not exist|FILE_NOT_EXIST/,
    );
  });
});
