import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import { SparkSession } from 'spark-connect-js';
import { deltaBasePath, endpoints } from './stack-under-test';

jest.setTimeout(120_000);

/** So many that Spark writes several pages of each column, of which some are all null. */
const ROWS = 24_000;
const ROW = `
  SELECT id,
    CASE WHEN id % 5 <> 0 AND id NOT BETWEEN 6000 AND 10000
      THEN timestamp_micros(1736899200000000 + (id div 3) * 7) END AS at,
    CASE WHEN id NOT BETWEEN 6000 AND 10000 THEN date_add(DATE '1969-12-01', CAST(id div 300 AS INT)) END AS day,
    (id * 7919) % ${ROWS} AS mixed
  FROM range(0, ${ROWS}, 1, 3)`;

describe('pages of files that Spark wrote', () => {
  const path = join(deltaBasePath(), 'spec', randomUUID());
  let spark: SparkSession;
  let tables: DeltaTables;

  beforeAll(async () => {
    spark = SparkSession.builder().remote(endpoints.sparkConnect).build();
    tables = DeltaTables.open({ root: deltaBasePath() });
    const rows = await spark.sql(ROW);
    await rows.write.format('delta').save(path);
  });

  afterAll(async () => {
    await tables.close();
    await spark.stop();
    await rm(path, { recursive: true, force: true });
  });

  it.each(['at', 'day', 'mixed', 'id'])('are what Spark reads in the order of %s', async (column) => {
    const snapshot = await tables.openSnapshot(path);
    for (const direction of ['asc', 'desc'] as const) {
      const sorted = await spark.sql(`SELECT id FROM delta.\`${path}\` ORDER BY ${column} ${direction}, id`);
      const expected = (await sorted.collect()).map((row) => Number(row['id']));
      expect(expected).toHaveLength(ROWS);
      const order = [
        { column, direction },
        { column: 'id', direction: 'asc' as const },
      ];
      for (let offset = 0; offset < ROWS; offset += 2_999) {
        const request = { columns: ['id'], order, limit: 500, offset };
        const page = JSON.parse(String((await tables.readPage(snapshot, request)).bytes)) as { id: number }[];
        expect(page.map(({ id }) => id)).toEqual(expected.slice(offset, offset + 500));
      }
    }
  });
});
