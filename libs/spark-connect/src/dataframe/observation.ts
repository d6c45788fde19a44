import { randomUUID } from 'node:crypto';
import { onAbort } from '../channel/abort-listeners';
import { OperationCanceledError } from '../errors/spark-connect-error';
import type { Relation } from '../generated/spark/connect/relations_pb';
import type { RowObject } from '../types/row';

/** Fires for nothing, and seldom: what counts is that it is there. */
const HOLD_INTERVAL_MS = 60_000;

// By plan id, which no other plan of this process has: names may repeat.
const waiting = new Map<bigint, WeakRef<Observation>>();
const collected = new FinalizationRegistry<bigint>((planId) => waiting.delete(planId));
// An action that never succeeds must not keep an Observation for ever, nor must one be lost of which the caller keeps the promise only:
// it lives as long as a plan that can bring its metrics.
const observers = new WeakMap<Relation, Observation>();

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
   * @throws OperationCanceledError when the signal fires first.
   */
  get(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<RowObject> {
    const { signal } = options;
    return signal === undefined ? this.metrics : untilAborted(this.metrics, signal);
  }

  /**
   * For `DataFrame.observe`: takes the metrics of this relation.
   * @throws TypeError the second time.
   */
  expectFrom(relation: Relation): void {
    if (this.isUsed) throw new TypeError('an Observation observes one DataFrame: make a new one');
    this.isUsed = true;
    const planId = relation.common?.planId;
    if (planId === undefined) return;
    waiting.set(planId, new WeakRef(this));
    observers.set(relation, this);
    collected.register(this, planId);
  }

  /** For the executions: hands the metrics of a plan to whoever observes it. */
  static deliver(planId: bigint, values: RowObject): void {
    waiting.get(planId)?.deref()?.resolve(values);
    waiting.delete(planId);
  }
}

function untilAborted(metrics: Promise<RowObject>, signal: AbortSignal): Promise<RowObject> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortedWait(signal));
      return;
    }
    // After an action that failed nothing else may keep the process until the signal fires: the timer of `AbortSignal.timeout` does not.
    const hold = setInterval(() => undefined, HOLD_INTERVAL_MS);
    const stopListening = onAbort(signal, () => {
      clearInterval(hold);
      reject(abortedWait(signal));
    });
    void metrics.then((values) => {
      clearInterval(hold);
      stopListening();
      resolve(values);
    });
  });
}

function abortedWait(signal: AbortSignal): OperationCanceledError {
  return new OperationCanceledError('waiting for the metrics was aborted', { cause: signal.reason });
}
