/** How often a part may crash before it is given up. */
export interface RestartLimits {
  readonly restarts: number;
  readonly withinMs: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export const RESTART_LIMITS: RestartLimits = {
  restarts: 5,
  withinMs: 5 * 60_000,
  firstDelayMs: 500,
  longestDelayMs: 15_000,
};

/** For a stack under test, whose parts are killed on purpose, again and again. */
export const TESTED_RESTART_LIMITS: RestartLimits = {
  ...RESTART_LIMITS,
  restarts: 50,
  longestDelayMs: 1_000,
};

/** Decides after each crash how long to wait before the next start, and when to stop trying. */
export class RestartBudget {
  private crashes: number[] = [];

  constructor(private readonly limits: RestartLimits) {}

  /**
   * Counts a crash.
   * @returns the delay before the next start in milliseconds, undefined when there were too many
   */
  crashedAt(nowMs: number): number | undefined {
    this.crashes = [...this.crashes.filter((crash) => crash > nowMs - this.limits.withinMs), nowMs];
    if (this.crashes.length > this.limits.restarts) return undefined;
    return Math.min(this.limits.firstDelayMs * 2 ** (this.crashes.length - 1), this.limits.longestDelayMs);
  }
}
