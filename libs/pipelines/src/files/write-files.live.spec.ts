import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RETAIL_ANALYSES } from '@millrace/domain';
import type { DataFrame, SparkSession } from 'spark-connect-js';
import { useInputFolder } from '../testing/input-folder';
import type { InputFolder } from '../testing/input-folder';
import { useSpark } from '../testing/use-spark';
import { writeCsvFile, writeParquetFiles } from './write-files';

jest.setTimeout(240_000);

let spark: SparkSession;
let folder: InputFolder;

useSpark((session) => (spark = session));
useInputFolder((used) => (folder = used));

const { daily_product: byDay, kpis } = RETAIL_ANALYSES;

async function days(...values: readonly string[]): Promise<DataFrame> {
  return spark.sql(
    `SELECT CAST(day AS DATE) AS order_date, product, amount AS total_amount FROM VALUES ${values.join(', ')} AS rows(day, product, amount)`,
  );
}

const dataFiles = (path: string): string[] => readdirSync(path).filter((name) => /^part-/.test(name));

async function csvOf(rows: DataFrame, entry = byDay): Promise<string> {
  const path = join(folder.path, 'out [csv] 5%');
  await writeCsvFile(rows, entry, path);
  const [file, ...others] = dataFiles(path);
  expect(others).toEqual([]);
  return readFileSync(join(path, file ?? ''), 'utf8');
}

describe('Parquet files', () => {
  it('are one in each folder, and those of other days stay', async () => {
    const path = join(folder.path, 'out');
    const first = await days(`('2025-01-15', 'tea', 1D)`, `('2025-01-16', 'tea', 2D)`, `(NULL, 'tea', 3D)`);
    await writeParquetFiles(first, 'order_date', path);
    const later = await days(
      `('2025-01-16', 'tea', 4D)`,
      `('2025-01-16', 'cake', 5D)`,
      `('2025-01-17', 'tea', 6D)`,
    );
    await writeParquetFiles(later, 'order_date', `file://${path}`);
    const read = await spark.read.parquet(path).orderBy('total_amount').collect();
    expect(read.map((row) => row['total_amount'])).toEqual([1, 3, 4, 5, 6]);
    const folders = readdirSync(path).filter((name) => name.startsWith('order_date='));
    expect(folders.map((name) => dataFiles(join(path, name)).length)).toEqual([1, 1, 1, 1]);
  });

  it('are not written to wherever the server was started', async () => {
    const rows = await days(`('2025-01-15', 'tea', 1D)`);
    await expect(writeParquetFiles(rows, 'order_date', 'out')).rejects.toThrow(TypeError);
  });
});

describe('a CSV file', () => {
  it('is one, in the order of the analysis, and replaces the one before', async () => {
    await csvOf(await days(`('2025-01-15', 'tea', 1D)`));
    const rows = await days(
      `('2025-01-16', 'tea', 12345678.9D)`,
      `(NULL, 'tea', NULL)`,
      `('2025-01-15', 'a "b", c', 0D)`,
      `('2025-01-15', NULL, -0.25D)`,
      `('2025-01-15', '', 100D)`,
      `('2025-01-15', ' \u0001tea ', 7D)`,
      `('2025-01-15', 'två\nrader', 1e40D)`,
    );
    expect(await csvOf(rows.repartition(4))).toBe(
      [
        'order_date,product,total_amount',
        '2025-01-15,"",100',
        '2025-01-15, \u0001tea ,7',
        '2025-01-15,"a ""b"", c",0',
        '2025-01-15,"två\nrader",1.0E40',
        '2025-01-15,,-0.25',
        '2025-01-16,tea,12345678.9',
        ',tea,',
        '',
      ].join('\n'),
    );
  });

  it('of key figures is one row', async () => {
    const figures = await spark.sql(
      'SELECT 10000000.01D AS total_revenue, 3L AS distinct_products, 7L AS row_count',
    );
    expect(await csvOf(figures, kpis)).toBe('total_revenue,distinct_products,row_count\n10000000.01,3,7\n');
  });

  it('of no rows has its header', async () => {
    const none = (await days(`('2025-01-15', 'tea', 1D)`)).filter('false');
    expect(await csvOf(none)).toBe('order_date,product,total_amount\n');
  });
});
