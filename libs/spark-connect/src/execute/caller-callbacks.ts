/**
 * Calls a function of the caller whose failure must not become ours: neither what it throws nor the promise it returns, which is not
 * waited for.
 */
export function runCallback(callback: () => unknown, failed: (error: unknown) => void): void {
  try {
    Promise.resolve(callback()).catch(failed);
  } catch (error) {
    failed(error);
  }
}

/** As `runCallback`; a failure becomes a warning of the process. @param name - the option the function was given as. */
export function runCallbackOfAction(name: string, operationId: string, callback: () => unknown): void {
  runCallback(callback, (error) => {
    const message = error instanceof Error ? error.message : String(error);
    process.emitWarning(`${name} of operation ${operationId}: ${message}`, 'SparkConnectCallbackWarning');
  });
}
