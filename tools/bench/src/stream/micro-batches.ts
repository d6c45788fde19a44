import type { StreamingQueryProgress } from 'spark-connect-js';
import { quantile } from '../statistics';

/** How long some micro-batches in a row took. */
export interface Durations {
  readonly meanMs: number;
  readonly medianMs: number;
  readonly longestMs: number;
}

/** The micro-batches of a query that did something, gathered from reports of which each has the newest few. */
export class MicroBatches {
  private readonly durationsMs = new Map<number, number>();

  get count(): number {
    return this.durationsMs.size;
  }

  note(reports: readonly StreamingQueryProgress[]): void {
    for (const { batchId, numInputRows, batchDurationMs } of reports) {
      // An idle trigger bears the id of the micro-batch that is next.
      if (numInputRows > 0 && batchDurationMs !== undefined) this.durationsMs.set(batchId, batchDurationMs);
    }
  }

  /** Of so many, the first ones after `skipped` others. */
  first(count: number, skipped: number): Durations {
    return summaryOf(this.inOrder().slice(skipped, skipped + count));
  }

  last(count: number): Durations {
    return summaryOf(this.inOrder().slice(-count));
  }

  private inOrder(): number[] {
    return [...this.durationsMs].sort(([one], [other]) => one - other).map(([, durationMs]) => durationMs);
  }
}

const summaryOf = (durationsMs: readonly number[]): Durations => ({
  meanMs: durationsMs.reduce((sum, durationMs) => sum + durationMs, 0) / durationsMs.length,
  medianMs: quantile(durationsMs, 0.5),
  longestMs: quantile(durationsMs, 1),
});
