package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Timestamp;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the output modes have in the table, and when. Update is in the other tests. */
class MergeModesTest extends MergeSinkFixture {

  @Test
  void inAppendAWindowComesOnceWhenTheWatermarkHasPassedIt() throws Exception {
    StreamingQuery query = startWindows("append");
    add(event(0, 0, "a"), event(4, 0, "a"));
    query.processAllAvailable();
    add(event(30, 0, "a"));
    query.processAllAvailable();
    assertEquals(0, table().count());

    // The watermark is at minute 20 now.
    add(event(31, 0, "b"));
    query.processAllAvailable();
    assertEquals(9, table().count());
    assertEquals(2L * WINDOWS_OF_AN_EVENT, table().agg(sum("events")).head().getLong(0));

    Timestamp before = new Timestamp(System.currentTimeMillis());
    add(event(50, 0, "a"));
    query.processAllAvailable();
    add(event(51, 0, "a"));
    query.processAllAvailable();
    query.stop();
    assertEquals(9 + 2L * WINDOWS_OF_AN_EVENT, table().count());
    assertEquals(0, table().where("NOT final").count());
    assertEquals(9, table().where(col("as_of").lt(before)).count());
    Dataset<Row> passed = windows(spark.createDataFrame(added, EVENTS)).where("window_end <= '" + at(40) + "'");
    assertHas(passed);
  }

  @Test
  void inCompleteEveryWindowIsThereAndOnlyWhatChangesIsWritten() throws Exception {
    StreamingQuery query = startWindows("complete");
    add(event(0, 0, "a"), event(4, 0, "a"));
    query.processAllAvailable();
    List<Row> first = table().select("as_of").distinct().collectAsList();
    add(event(2, 0, "b"), event(30, 0, "a"));
    query.processAllAvailable();
    assertEquals(9, table().where(col("as_of").equalTo(first.get(0).get(0))).count());
    assertEquals(0, table().where("final").count());

    Timestamp before = new Timestamp(System.currentTimeMillis());
    add(event(31, 0, "b"), event(30, 30, "a"));
    query.processAllAvailable();
    query.stop();
    assertHas(windows(spark.createDataFrame(added, EVENTS)));
    // Windows that only became final have the time at which their figures were written.
    assertEquals(table().where("window_end <= '" + at(20) + "'").count(), table().where("final").count());
    assertEquals(0, table().where(col("final").and(col("as_of").geq(before))).count());
    assertEquals(2L * WINDOWS_OF_AN_EVENT, table().where(col("as_of").geq(before)).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"append", "complete"})
  void aReplayChangesNothing(String mode) throws Exception {
    StreamingQuery query = startWindows(mode);
    for (int minute : List.of(0, 40, 41)) {
      add(event(minute, 0, "a"));
      query.processAllAvailable();
    }
    query.stop();
    long version = version();
    List<Row> rows = table().orderBy("window_start").collectAsList();
    forgetCommit(2);

    StreamingQuery again = startWindows(mode);
    again.processAllAvailable();
    again.stop();
    assertEquals(version, version());
    assertEquals(rows, table().orderBy("window_start").collectAsList());
    assertEquals(mode, counts(2).path("mode").asText());
  }

  private void assertHas(Dataset<Row> expected) {
    Dataset<Row> stored = table().select("window_start", "window_end", "category", "events", "revenue", "window_date");
    assertEquals(0, expected.exceptAll(stored).count());
    assertEquals(0, stored.exceptAll(expected).count());
  }
}
