package io.millrace.spark;

import org.apache.spark.SparkContext;

/**
 * The scheduler pool of the calling thread: a local property of its {@link SparkContext}.
 *
 * <p>Local properties belong to a thread and are copied to the threads it creates.
 */
interface PoolProperty {

  /** Documented by Spark; its own constant for it is not public. */
  String KEY = "spark.scheduler.pool";

  /** The calling thread's pool, or null for Spark's own {@code default} pool. */
  String get();

  /** Sets the calling thread's pool; null clears it. */
  void set(String poolOrNull);

  static PoolProperty of(SparkContext context) {
    return new PoolProperty() {
      @Override
      public String get() {
        return context.getLocalProperty(KEY);
      }

      @Override
      public void set(String poolOrNull) {
        context.setLocalProperty(KEY, poolOrNull);
      }
    };
  }
}
