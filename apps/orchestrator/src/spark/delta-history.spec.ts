import { AnalysisError, ConnectionUnavailableError } from 'spark-connect-js';
import type { SparkSession } from 'spark-connect-js';
import { newestCommits } from './delta-history';

const PATH = '/data/delta/transactions';

/** Answers every statement with these rows. */
function sparkOf(answer: () => Promise<readonly object[]>) {
  const statements: string[] = [];
  const sql = (statement: string) => {
    statements.push(statement);
    return Promise.resolve({ select: () => ({ collect: answer }) });
  };
  return { spark: { sql } as unknown as SparkSession, statements };
}

const failing = (error: Error) => sparkOf(() => Promise.reject(error)).spark;

describe('the newest commits of a table', () => {
  it('are those that Delta tells', async () => {
    const { spark, statements } = sparkOf(() =>
      Promise.resolve([
        { version: 12n, userMetadata: '{"step":"raw"}' },
        { version: 11n, userMetadata: null },
      ]),
    );
    expect(await newestCommits(spark, PATH, 2)).toEqual([
      { version: 12, userMetadata: '{"step":"raw"}' },
      { version: 11, userMetadata: null },
    ]);
    expect(statements).toEqual([`DESCRIBE HISTORY delta.\`${PATH}\` LIMIT 2`]);
  });

  it.each([
    'DELTA_TABLE_ONLY_OPERATION',
    'DELTA_MISSING_DELTA_TABLE',
    'DELTA_PATH_DOES_NOT_EXIST',
    'TABLE_OR_VIEW_NOT_FOUND',
  ])('are none where there is no table: %s', async (errorClass) => {
    const spark = failing(new AnalysisError(`[${errorClass}] no table`, { errorClass }));
    expect(await newestCommits(spark, PATH, 2)).toBeUndefined();
  });

  it('are not known while Spark is away', async () => {
    const away = new ConnectionUnavailableError('refused');
    await expect(newestCommits(failing(away), PATH, 2)).rejects.toBe(away);
  });
});
