const DEADLINE_MS = 5_000;

/** @throws Error when Redis does not answer: the client itself would wait for ever. */
export async function withinDeadline<T>(call: Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Redis did not answer within ${deadlineMs} ms`));
    }, deadlineMs);
  });
  // It may lose the race, and must not become an unhandled rejection then.
  call.catch(() => undefined);
  try {
    return await Promise.race([call, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a job in this state does nothing any more, or is not there. */
export function hasEnded(state: string): boolean {
  return state === 'completed' || state === 'failed' || state === 'unknown';
}
