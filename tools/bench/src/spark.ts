import { SparkServer } from '@millrace/testing';

/** The server that is measured, and how to let go of it. */
export interface MeasuredSpark {
  /** `sc://host:port` and perhaps parameters. */
  readonly remote: string;
  /** Where it comes from, for the reader of the figures. */
  readonly origin: string;
  stop(): Promise<void>;
}

const HEAP = '2g';

/** The server SPARK_REMOTE names, or one of our own. */
export async function openSpark(): Promise<MeasuredSpark> {
  const given = process.env['SPARK_REMOTE'];
  if (given !== undefined && given !== '') {
    return { remote: given, origin: 'SPARK_REMOTE', stop: () => Promise.resolve() };
  }
  const server = await SparkServer.start({
    heap: HEAP,
    // Not the quick compiler of the tests: a server that is measured has been running for long.
    jvmOptions: ['-XX:TieredStopAtLevel=4'],
  });
  return { remote: server.remote, origin: `started for this run, -Xmx${HEAP}`, stop: () => server.stop() };
}
