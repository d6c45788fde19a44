/** `setTimeout` fires at once beyond it, which is 25 days: whoever asks for more has no limit in mind. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** A timer; none for a time as good as endless. */
export function startTimer(callback: () => void, delayMs: number): NodeJS.Timeout | undefined {
  return delayMs > MAX_TIMER_MS ? undefined : setTimeout(callback, delayMs);
}
