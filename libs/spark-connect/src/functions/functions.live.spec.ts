import { SparkConnectError } from '../errors/spark-connect-error';
import type { SparkSession } from '../session/spark-session';
import { Column } from './column';
import { liveSession } from '../testing/live-session';
import { toDdl } from '../types/data-type-text';
import { LIVE_TABLES } from './live-tables/live-tables';
import type { LiveCase } from './live-tables/live-case';

jest.setTimeout(120_000);

let spark: SparkSession;

beforeAll(async () => {
  spark = liveSession().build();
  await spark.conf.set('spark.sql.session.timeZone', 'UTC');
});

afterAll(async () => {
  await spark.release();
  await spark.close();
});

describe.each(Object.entries(LIVE_TABLES))('%s', (_module, table) => {
  test.each(Object.entries(table))('%s', async (_name, liveCase) => {
    if ('error' in liveCase) await fails(liveCase, liveCase.error);
    else await answers(liveCase);
  });
});

async function answers(liveCase: Exclude<LiveCase, { readonly error: string }>): Promise<void> {
  const frame = await frameOf(liveCase);
  const rows = await frame.collect();
  if ('rows' in liveCase) {
    expect(rows).toHaveLength(liveCase.rows.length);
    expect(rows).toEqual(expect.arrayContaining([...liveCase.rows]));
    return;
  }
  expect(rows).toHaveLength(1);
  const [value] = Object.values(rows[0] ?? {});
  if ('gives' in liveCase) {
    expect(value).toEqual(liveCase.gives);
    return;
  }
  const { fields } = await frame.schema();
  expect(fields[0] && toDdl(fields[0].dataType)).toBe(liveCase.type);
  expect(value).not.toBeNull();
}

async function fails(liveCase: LiveCase, errorClass: string): Promise<void> {
  const failure = await Promise.resolve(frameOf(liveCase))
    .then((frame) => frame.collect())
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(SparkConnectError);
  expect(failure).toMatchObject({ errorClass });
}

async function frameOf(liveCase: LiveCase) {
  if ('query' in liveCase) return liveCase.query(spark);
  const input = liveCase.input === undefined ? spark.range(1) : await liveCase.input(spark);
  const columns = liveCase.call();
  return columns instanceof Column ? input.select(columns) : input.select(...columns);
}
