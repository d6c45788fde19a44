import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';

/**
 * Registers the hooks of Jest.
 *
 * @param take keeps a session on the running Spark, which is the same for all tests of the spec.
 */
export function useSpark(take: (spark: SparkSession) => void): void {
  let spark: SparkSession | undefined;
  beforeAll(() => {
    spark = SparkSession.builder().remote(requireEndpoints().sparkConnect).build();
    take(spark);
  });
  afterAll(() => spark?.stop());
}
