import { STORED_TRANSACTION_COLUMNS, toSparkDdl } from '@millrace/domain';
import { requireEndpoints } from '@millrace/testing';
import { Logger } from '@nestjs/common';
import { SparkSession } from 'spark-connect-js';
import { expr } from 'spark-connect-js/functions';
import { until } from '../until.fixture';
import { anEvent, SupervisedStream } from './supervised-stream.fixture';

jest.setTimeout(300_000);

const WINDOWS_OF_AN_EVENT = 5;

let stream: SupervisedStream;
let spark: SparkSession;

beforeAll(() => {
  Logger.overrideLogger(false);
  spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
});

afterAll(() => spark.stop());
afterEach(() => stream.close());

/** Adds a row to the event table that the stream has not written. */
async function add(eventTime: string, storedAt: string): Promise<void> {
  const events = await spark.sql(
    `SELECT from_json('${anEvent()}', '${toSparkDdl(STORED_TRANSACTION_COLUMNS)}') AS event`,
  );
  await events
    .select('event.*')
    .withColumns({
      event_timestamp: expr(eventTime),
      processing_timestamp: expr(`CAST(${storedAt} AS TIMESTAMP)`),
      event_date: expr(`CAST(${eventTime} AS DATE)`),
    })
    .write.format('delta')
    .mode('append')
    .save(stream.paths.transactions);
}

it('history that is added below a stream without an event yet is in no window, and all else is', async () => {
  stream = await SupervisedStream.open();
  await stream.supervisor.start({ topic: stream.topic, analyses: [], mode: 'continuous' });
  await stream.untilQuery('realtime_dashboard', ({ isActive }) => isActive);
  const longAgo = 'current_timestamp() - INTERVAL 30 DAYS';
  await add(longAgo, longAgo);
  await add('current_timestamp()', 'NULL');
  await stream.produce([anEvent()]);
  const { aggregations } = stream.paths;
  const sum = () => stream.valueOf(aggregations, 'coalesce(sum(txn_count), 0)');
  await until(async () => (await sum()) >= 2 * WINDOWS_OF_AN_EVENT, 120_000);
  await stream.untilQuery('realtime_dashboard', ({ measures }) => measures?.versionsBehind === 0);
  expect(await sum()).toBe(2 * WINDOWS_OF_AN_EVENT);
  expect(
    await stream.valueOf(aggregations, 'count_if(window_start < current_timestamp() - INTERVAL 1 DAY)'),
  ).toBe(0);
});
