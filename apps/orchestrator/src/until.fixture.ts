const LONGEST_WAIT_MS = 20_000;
const PAUSE_MS = 10;

/**
 * Waits for a fact, asking again and again.
 * @throws Error when it does not come to be.
 */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  longestWaitMs = LONGEST_WAIT_MS,
): Promise<void> {
  const deadline = performance.now() + longestWaitMs;
  while (!(await isTrue())) {
    if (performance.now() > deadline) {
      throw new Error(`Not so within ${longestWaitMs} ms: ${isTrue.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
