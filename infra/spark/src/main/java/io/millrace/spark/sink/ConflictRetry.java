package io.millrace.spark.sink;

import java.util.function.Supplier;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a Delta transaction again when another one, an OPTIMIZE say, was in its way: Delta itself gives up, and a failed
 * micro-batch would end the query. Any other failure goes up.
 */
final class ConflictRetry {

  private static final Logger LOG = LoggerFactory.getLogger(ConflictRetry.class);

  private final int maxAttempts;
  private final long firstPauseMs;

  /** @param firstPauseMs pause before the second attempt; each further one is twice as long */
  ConflictRetry(int maxAttempts, long firstPauseMs) {
    this.maxAttempts = maxAttempts;
    this.firstPauseMs = firstPauseMs;
  }

  /** @param beforeRetry done after each attempt that met a conflict and is not the last one */
  <T> T run(Supplier<T> transaction, Runnable beforeRetry) {
    long pauseMs = firstPauseMs;
    for (int attempt = 1; ; attempt++) {
      try {
        return transaction.get();
      } catch (DeltaConcurrentModificationException conflict) {
        if (attempt == maxAttempts) {
          throw conflict;
        }
        LOG.warn("Attempt {} of {} to commit met a conflict, next one in {} ms: {}",
            attempt, maxAttempts, pauseMs, conflict.getClass().getSimpleName());
        beforeRetry.run();
        pause(pauseMs);
        pauseMs *= 2;
      }
    }
  }

  private static void pause(long pauseMs) {
    try {
      Thread.sleep(pauseMs);
    } catch (InterruptedException e) {
      // Spark takes an interrupt for a stop of the query only if it is this very exception.
      throw ConflictRetry.<RuntimeException>asUnchecked(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> E asUnchecked(Throwable failure) throws E {
    throw (E) failure;
  }
}
