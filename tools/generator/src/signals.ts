/** How long the last events may take to be acknowledged after a stop. */
const FLUSH_TIMEOUT_MS = 10_000;
/** One Ctrl-C may come more than once: from the terminal, and from each program between it and this one. */
const SAME_SIGNAL_MS = 1000;

export interface Signals {
  readonly stop: AbortSignal;
  /** Ten seconds after `stop`. */
  readonly giveUp: AbortSignal;
}

/** Turns Ctrl-C and SIGTERM into a wish to stop. A second one, later than a second, ends the process at once. */
export function listenToSignals(): Signals {
  const stop = new AbortController();
  const giveUp = new AbortController();
  const first = (): void => {
    stop.abort();
    setTimeout(() => process.off('SIGINT', onSignal).off('SIGTERM', onSignal), SAME_SIGNAL_MS).unref();
    setTimeout(() => {
      giveUp.abort();
    }, FLUSH_TIMEOUT_MS).unref();
  };
  const onSignal = (): void => {
    if (!stop.signal.aborted) first();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return { stop: stop.signal, giveUp: giveUp.signal };
}
