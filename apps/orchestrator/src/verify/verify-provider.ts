import type { TablePaths } from '@millrace/domain';
import type { Pipeline } from '@millrace/pipelines';
import type { FactoryProvider } from '@nestjs/common';
import { SparkConnection } from '../spark/spark-connection';
import { VerifyConsistency } from './verify-consistency';

/** The request is kept open so long; Node's `fetch` gives up after 300 s. */
const TIMEOUT_MS = 240_000;

export function verifyProvider(paths: TablePaths, pipeline: Pipeline): FactoryProvider {
  return {
    provide: VerifyConsistency,
    inject: [SparkConnection],
    useFactory: (connection: SparkConnection) =>
      new VerifyConsistency(connection, pipeline, paths, { timeoutMs: TIMEOUT_MS }),
  };
}
