package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;

/** Crashes, replays and other writers change nothing in what is stored. */
class MergeOnceTest extends MergeSinkFixture {

  @Test
  void aReplayChangesNothing() throws Exception {
    StreamingQuery query = startWindows();
    add(event(0, 0, "a"));
    query.processAllAvailable();
    add(event(40, 0, "a"));
    query.processAllAvailable();
    add(event(41, 0, "a"));
    query.processAllAvailable();
    query.stop();
    long version = version();
    String counts = Files.readString(countsFile(2));
    List<Row> rows = table().orderBy("window_start").collectAsList();
    forgetCommit(2);

    StreamingQuery again = startWindows();
    again.processAllAvailable();
    again.stop();
    assertEquals(version, version());
    assertEquals(counts, Files.readString(countsFile(2)));
    assertEquals(rows, table().orderBy("window_start").collectAsList());
  }

  @Test
  void aCrashBeforeTheMergeIsMadeGoodByTheReplay() throws Exception {
    StreamingQuery query = startWindows();
    add(event(0, 0, "a"));
    query.processAllAvailable();
    spark.sql("ALTER TABLE " + delta() + " ADD CONSTRAINT broken CHECK (category <> 'b')");
    add(event(1, 0, "b"), event(2, 0, "a"));
    assertThrows(StreamingQueryException.class, query::processAllAvailable);
    spark.sql("ALTER TABLE " + delta() + " DROP CONSTRAINT broken");
    StreamingQuery again = startWindows();
    again.processAllAvailable();
    again.stop();
    assertEquals(3L * WINDOWS_OF_AN_EVENT, table().agg(sum("events")).head().getLong(0));
  }

  @Test
  void anOptimizeAtTheSameTimeDoesNotEndTheQuery() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", "a", 0), figure("2026-11-20", "b", 0));
    query.processAllAvailable();
    SparkSession other = spark.newSession();
    for (int round = 1; round <= 3; round++) {
      CompletableFuture<Void> optimizing = CompletableFuture.runAsync(() -> optimize(other));
      figures.add(figure("2026-11-20", "a", round), figure("2026-11-20", "c" + round, round));
      query.processAllAvailable();
      optimizing.get();
    }
    query.stop();
    assertEquals(5, table().count());
    assertEquals(3L + 6, table().agg(sum("events")).head().getLong(0));
  }

  /** ZORDER rewrites the files each time, however few there are. */
  private void optimize(SparkSession session) {
    try {
      session.sql("OPTIMIZE " + delta() + " ZORDER BY (category)").collectAsList();
    } catch (DeltaConcurrentModificationException e) {
      // The query was first.
    }
  }
}
