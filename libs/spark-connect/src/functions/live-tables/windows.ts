import { randomUUID } from 'node:crypto';
import type { DataFrame } from '../../dataframe/dataframe';
import type { SparkSession } from '../../session/spark-session';
import type { Column } from '../column';
import * as fn from '../functions';
import { Window } from '../window';
import type { LiveCase, LiveTable } from './live-case';

const scores = (spark: SparkSession) =>
  spark.sql("SELECT * FROM VALUES (1, 'a'), (2, NULL), (2, 'c'), (4, 'd') AS t(score, name)");
const byScore = Window.orderBy('score', 'name');
const all = byScore.rowsBetween(Window.unboundedPreceding, Window.unboundedFollowing);

/** The results in the order of {@link scores}. */
const inOrder = (call: () => Column, gives: readonly unknown[]): LiveCase => ({
  query: async (spark) =>
    (await scores(spark))
      .select(fn.struct(fn.row_number().over(byScore).as('at'), call().as('result')).as('row'))
      .agg(
        fn.transform(fn.sort_array(fn.collect_list('row')), (row) => row.getField('result')).as('results'),
      ),
  gives,
});

/** Functions over windows, and partition transforms. */
export const windows: LiveTable = {
  bucket: {
    query: async (spark) =>
      (await partitionedTable(spark, fn.bucket(4, 'id')))
        .filter(fn.col('col_name').eq('Num Buckets'))
        .select('data_type'),
    gives: '4',
  },
  cume_dist: inOrder(() => fn.cume_dist().over(Window.orderBy('score')), [0.25, 0.75, 0.75, 1]),
  days: partitionTransform(() => fn.days('time')),
  dense_rank: inOrder(() => fn.dense_rank().over(Window.orderBy('score')), [1, 2, 2, 3]),
  hours: partitionTransform(() => fn.hours('time')),
  lag: inOrder(() => fn.lag('name', 1, 'none', true).over(byScore), ['none', 'a', 'a', 'c']),
  lead: inOrder(() => fn.lead('score', 2).over(byScore), [2, 4, null, null]),
  months: partitionTransform(() => fn.months('time')),
  nth_value: inOrder(() => fn.nth_value('name', 2, true).over(all), ['c', 'c', 'c', 'c']),
  ntile: inOrder(() => fn.ntile(2).over(byScore), [1, 1, 2, 2]),
  percent_rank: inOrder(() => fn.percent_rank().over(Window.orderBy('score')), [0, 1 / 3, 1 / 3, 1]),
  rank: inOrder(() => fn.rank().over(Window.orderBy('score')), [1, 2, 2, 4]),
  row_number: inOrder(() => fn.row_number().over(byScore), [1, 2, 3, 4]),
  years: partitionTransform(() => fn.years('time')),
};

/** Spark's own catalog knows partition transforms, and has none for its tables but `bucket`. */
function partitionTransform(transform: () => Column): LiveCase {
  return { query: (spark) => partitionedTable(spark, transform()), error: 'UNSUPPORTED_PARTITION_TRANSFORM' };
}

async function partitionedTable(spark: SparkSession, transform: Column): Promise<DataFrame> {
  const table = `partitioned_${randomUUID().replaceAll('-', '_')}`;
  const rows = await spark.sql("SELECT 1 AS id, TIMESTAMP'2026-01-01 00:00:00' AS time");
  await rows.writeTo(table).using('parquet').partitionedBy(transform).create();
  try {
    return await spark.sql(`DESCRIBE EXTENDED ${table}`);
  } finally {
    await spark.sql(`DROP TABLE ${table}`);
  }
}
