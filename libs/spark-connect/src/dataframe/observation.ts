import { randomUUID } from 'node:crypto';
import type { Relation } from '../generated/spark/connect/relations_pb';
import type { RowObject } from '../types/row';

// By plan id, which no other plan of this process has: names may repeat. Kept until the metrics arrive.
const waiting = new Map<bigint, Observation>();

/**
 * Metrics that are computed beside an action: `df.observe(observation, count('*').as('n'))`, then any action of the result, then
 * `await observation.get()`. Each Observation is for one DataFrame and its first action that succeeds; make a new one for the next.
 * A stream reports its metrics in its progress instead. Mirrors PySpark's `Observation`.
 */
export class Observation {
  private readonly metrics: Promise<RowObject>;
  private resolve: (values: RowObject) => void = () => undefined;
  private isUsed = false;

  /** @param name - the name of the metrics; a random one if left out. */
  constructor(readonly name: string = randomUUID()) {
    if (name === '') throw new TypeError('the name of an observation is not empty');
    this.metrics = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /**
   * The metrics by column name. Waits until an action of the observed DataFrame has succeeded, which may be never: pass a `signal` where
   * that matters.
   * @throws what the signal was aborted with.
   */
  get(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<RowObject> {
    const { signal } = options;
    return signal === undefined ? this.metrics : untilAborted(this.metrics, signal);
  }

  /**
   * For `DataFrame.observe`: takes the metrics of this relation.
   * @throws TypeError the second time.
   */
  expectFrom({ common }: Relation): void {
    if (this.isUsed) throw new TypeError('an Observation observes one DataFrame: make a new one');
    this.isUsed = true;
    if (common?.planId !== undefined) waiting.set(common.planId, this);
  }

  /** For the executions: hands the metrics of a plan to whoever observes it. */
  static deliver(planId: bigint, values: RowObject): void {
    waiting.get(planId)?.resolve(values);
    waiting.delete(planId);
  }
}

function untilAborted(metrics: Promise<RowObject>, signal: AbortSignal): Promise<RowObject> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    void metrics.then((values) => {
      signal.removeEventListener('abort', abort);
      resolve(values);
    });
  });
}
