import { isSparkConnectError } from '../errors/spark-connect-error';

// `ExecuteEventsManager` of Spark 4.0: an execution that was just interrupted is not yet where closing it expects it.
const ENDING_EXECUTION = /is not within statuses .* for event Closed/;

/**
 * Releases a session. Where Spark stumbles over an execution of it that is just ending, the session is closed all the same, or will be with
 * the second request: to release it twice does no harm.
 */
export async function releasing(release: () => Promise<unknown>): Promise<void> {
  try {
    await release();
  } catch (error) {
    if (!(error instanceof Error) || !ENDING_EXECUTION.test(error.message)) throw error;
    await release().catch(refuseUnlessClosed);
  }
}

function refuseUnlessClosed(error: unknown): void {
  if (!isSparkConnectError(error) || error.code !== 'SESSION_CLOSED') throw error;
}
