package io.millrace.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real scheduler of four slots, of which the pool "slow" may have two. */
@Timeout(60)
class MaxShareLocalModeTest {

  private static final int BATCH_TASKS = 6;

  /** Tasks run in this process: what they hold on to is static. */
  private static final Semaphore STARTED = new Semaphore(0);
  private static final AtomicInteger RUNNING = new AtomicInteger();
  private static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();
  private static volatile CountDownLatch release;

  @TempDir
  static Path folder;

  private static JavaSparkContext spark;

  @BeforeAll
  static void startSpark() throws IOException {
    Path pools = Files.writeString(folder.resolve("pools.xml"), """
        <allocations>
          <pool name="slow">
            <schedulingMode>FAIR</schedulingMode><weight>1</weight><minShare>0</minShare><maxShare>2</maxShare>
          </pool>
          <pool name="fast"><schedulingMode>FAIR</schedulingMode><weight>1</weight><minShare>0</minShare></pool>
        </allocations>
        """);
    spark = new JavaSparkContext(new SparkConf(false)
        .setMaster("local[4,maxShare]")
        .setAppName("max-share")
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.local.dir", folder.toString())
        .set("spark.scheduler.mode", "FAIR")
        .set("spark.scheduler.allocation.file", pools.toString()));
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @BeforeEach
  void nothingRunsYet() {
    STARTED.drainPermits();
    MOST_AT_ONCE.set(0);
    release = new CountDownLatch(1);
  }

  @Test
  void aPoolRunsNoMoreTasksThanItMay_andAllOfThemInTheEnd() throws Exception {
    JavaFutureAction<Void> job = submitHeldTasks("slow");
    STARTED.acquire(2);
    release.countDown();
    job.get();
    assertEquals(2, MOST_AT_ONCE.get());
    assertTrue(STARTED.tryAcquire(BATCH_TASKS - 2));
  }

  @Test
  void twoJobsOfAPoolShareItsMaximum() throws Exception {
    JavaFutureAction<Void> one = submitHeldTasks("slow");
    JavaFutureAction<Void> other = submitHeldTasks("slow");
    STARTED.acquire(2);
    release.countDown();
    one.get();
    other.get();
    assertEquals(2, MOST_AT_ONCE.get());
  }

  @Test
  void theOtherPoolFindsFreeSlotsWhileTheFirstOneIsFull() throws Exception {
    JavaFutureAction<Void> job = submitHeldTasks("slow");
    STARTED.acquire(2);
    spark.setLocalProperty("spark.scheduler.pool", "fast");
    assertEquals(4, spark.parallelize(Collections.nCopies(4, 1), 4).count());
    assertFalse(job.isDone());
    release.countDown();
    job.get();
  }

  @Test
  void aPoolWithoutAMaximumTakesAllSlots() throws Exception {
    JavaFutureAction<Void> job = submitHeldTasks("fast");
    STARTED.acquire(4);
    release.countDown();
    job.get();
    assertEquals(4, MOST_AT_ONCE.get());
  }

  @Test
  void itIsLocalModeToTheRestOfSpark() {
    assertTrue(spark.sc().isLocal());
    assertEquals(4, spark.defaultParallelism());
  }

  @ParameterizedTest
  @ValueSource(strings = {"local[8]", "local[*,maxShare]", "local[0,maxShare]", "local[8,maxShare] ", "spark://host:7077"})
  void anyOtherMasterIsLeftToSpark(String master) {
    assertFalse(new MaxShareLocalMode().canCreate(master));
  }

  private static JavaFutureAction<Void> submitHeldTasks(String pool) {
    spark.setLocalProperty("spark.scheduler.pool", pool);
    return spark.parallelize(Collections.nCopies(BATCH_TASKS, 1), BATCH_TASKS).foreachAsync(one -> hold());
  }

  private static void hold() throws InterruptedException {
    MOST_AT_ONCE.accumulateAndGet(RUNNING.incrementAndGet(), Math::max);
    STARTED.release();
    assertTrue(release.await(30, TimeUnit.SECONDS));
    RUNNING.decrementAndGet();
  }
}
