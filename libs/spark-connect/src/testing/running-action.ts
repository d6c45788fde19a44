import type { ExecutionProgress } from '../execute/action-options';

/** Confs of a session whose server reports progress at once rather than every two seconds. */
export const EAGER_PROGRESS = ['spark.connect.progress.reportInterval', '200ms'] as const;

/** Starts an action and waits until the server reports running tasks of it. One that ends before is an error. */
export async function whenRunning<T>(
  start: (options: { readonly onProgress: (progress: ExecutionProgress) => void }) => Promise<T>,
): Promise<{ readonly result: Promise<T> }> {
  let reportRunning: () => void = () => undefined;
  const isRunning = new Promise<void>((resolve) => {
    reportRunning = resolve;
  });
  const result = start({
    onProgress: ({ numInflightTasks }) => {
      if (numInflightTasks > 0) reportRunning();
    },
  });
  const ended = result.then(() => {
    throw new Error('the action ended before any task of it was seen');
  });
  await Promise.race([isRunning, ended]);
  ended.catch(() => undefined);
  return { result };
}
