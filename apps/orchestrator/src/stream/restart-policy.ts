const FIRST_DELAY_MS = 2_000;
const MAX_DELAY_MS = 60_000;
const AWAY_DELAY_MS = 5_000;

/** Delta's error when a table that is read as a stream has got another schema. */
const SCHEMA_CHANGE = /\[DELTA_SCHEMA_CHANGED\w*\] Detected schema change in version (?<version>\d+)/;

/** How long to wait before a failed query is started again: doubled each time, at most a minute. */
export function restartDelayMs(restarts: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** Math.min(restarts, 10), MAX_DELAY_MS);
}

/** Failures of a query since it last made progress. */
interface Failures {
  readonly count: number;
  readonly notBefore: Date;
}

/** Counts the failures of queries, by name, and says when each may be started again, if at all. */
export class RestartPolicy {
  private readonly failures = new Map<string, Failures>();
  /** Versions of the sources that last were a reason to start the queries again, by their names. */
  private readonly widenedAt = new Map<string, number>();

  /** @param mostFailures So many failures in a row without progress are enough. */
  constructor(private readonly mostFailures: number) {}

  /** How long to wait before the next start; undefined when it has failed often enough. */
  failed(name: string, now: Date): number | undefined {
    const count = (this.failures.get(name)?.count ?? 0) + 1;
    const delayMs = restartDelayMs(count - 1);
    this.failures.set(name, { count, notBefore: new Date(now.getTime() + delayMs) });
    return count < this.mostFailures ? delayMs : undefined;
  }

  /** The same for a failure that says nothing of the query: what it reads is away, and will be back. How long to wait. */
  interrupted(name: string, now: Date): number {
    const count = this.failures.get(name)?.count ?? 0;
    this.failures.set(name, { count, notBefore: new Date(now.getTime() + AWAY_DELAY_MS) });
    return AWAY_DELAY_MS;
  }

  /**
   * Whether an end is no failure, and the query to be started again at once: the table that it reads has got a column, which a running query
   * cannot learn of. Each version of the table is a reason once; one that ends the query again is a failure.
   */
  widened(name: string, error: string | null): boolean {
    const version = Number(SCHEMA_CHANGE.exec(error ?? '')?.groups?.['version'] ?? -1);
    if (version <= (this.widenedAt.get(name) ?? -1)) return false;
    this.widenedAt.set(name, version);
    return true;
  }

  mayStart(name: string, now: Date): boolean {
    return (this.failures.get(name)?.notBefore ?? now) <= now;
  }

  /** It has made progress, or somebody has mended the cause. */
  forget(name: string): void {
    this.failures.delete(name);
  }

  forgetAll(): void {
    this.failures.clear();
    this.widenedAt.clear();
  }
}
