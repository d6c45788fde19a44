package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.junit.jupiter.api.Test;

class ConflictRetryTest {

  private static final class Conflict extends DeltaConcurrentModificationException {
    private static final long serialVersionUID = 1L;

    Conflict() {
      super("in the way");
    }
  }

  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger retries = new AtomicInteger();

  @Test
  void aTransactionThatMetConflictsIsDoneAgain() {
    String result = new ConflictRetry(5, 1).run(() -> {
      if (attempts.incrementAndGet() < 5) {
        throw new Conflict();
      }
      return "done";
    }, retries::incrementAndGet);
    assertEquals("done", result);
    assertEquals(4, retries.get());
  }

  @Test
  void theLastConflictGoesUp() {
    assertThrows(Conflict.class, () -> new ConflictRetry(3, 1).run(() -> {
      attempts.incrementAndGet();
      throw new Conflict();
    }, retries::incrementAndGet));
    assertEquals(3, attempts.get());
    assertEquals(2, retries.get());
  }

  @Test
  void anyOtherFailureGoesUpAtOnce() {
    IllegalStateException failure = new IllegalStateException("no conflict");
    assertSame(failure, assertThrows(IllegalStateException.class, () -> new ConflictRetry(5, 1).run(() -> {
      attempts.incrementAndGet();
      throw failure;
    }, retries::incrementAndGet)));
    assertEquals(1, attempts.get());
  }

  @Test
  void pausesDouble() {
    long before = System.nanoTime();
    assertThrows(Conflict.class, () -> new ConflictRetry(4, 20).run(() -> {
      throw new Conflict();
    }, () -> { }));
    assertTrue(System.nanoTime() - before >= (20 + 40 + 80) * 1_000_000L);
  }

  @Test
  void anInterruptEndsThePause() {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> new ConflictRetry(5, 60_000).run(() -> {
      throw new Conflict();
    }, () -> { }));
  }
}
