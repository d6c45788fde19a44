import { SparkSession } from 'spark-connect-js';
import { openSpark } from '../spark';
import type { BenchContext, Suite } from '../suite';
import { measureMemory, measureSpeed } from './results';
import { measureRoundTrip } from './round-trip';

/** The client library: what it adds to the protocol in time and in memory. */
export const connectSuite: Suite = {
  summary: 'the Spark Connect client against bare gRPC, results by rows and by Arrow batches, memory',
  run,
};

async function run(context: BenchContext): Promise<void> {
  const { output } = context;
  output.progress('starting Spark');
  const server = await openSpark();
  const spark = SparkSession.builder().remote(server.remote).build();
  try {
    output.fact('Spark', `${await spark.version()} (${server.origin})`);
    const limit = await spark.conf.get('spark.sql.execution.arrow.maxRecordsPerBatch');
    output.fact('rows of an Arrow batch, at most', limit ?? 'unknown');
    await measureRoundTrip(context, spark, server.remote);
    await measureSpeed(context, server.remote);
    await measureMemory(context, server.remote);
    await spark.release();
  } finally {
    await spark.close();
    await server.stop();
  }
}
