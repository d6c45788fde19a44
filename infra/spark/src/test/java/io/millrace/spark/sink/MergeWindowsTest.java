package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Timestamp;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;

/** What the rows of windows say, and when. */
class MergeWindowsTest extends MergeSinkFixture {

  @Test
  void windowsHaveTheFiguresOfAllEventsSoFar() throws Exception {
    StreamingQuery query = startWindows();
    Random random = new Random(6);
    for (int batch = 0; batch < 4; batch++) {
      int minute = batch * 6;
      add(IntStream.range(0, 200).mapToObj(i -> event(minute + random.nextInt(8), random.nextInt(60), "c" + random.nextInt(3)))
          .toArray(Row[]::new));
      query.processAllAvailable();
    }
    query.stop();

    Dataset<Row> expected = windows(spark.createDataFrame(added, EVENTS));
    Dataset<Row> stored = table().select("window_start", "window_end", "category", "events", "revenue", "window_date");
    assertEquals(0, expected.exceptAll(stored).count());
    assertEquals(0, stored.exceptAll(expected).count());
    assertEquals(800L * WINDOWS_OF_AN_EVENT, table().agg(sum("events")).head().getLong(0));
  }

  @Test
  void aWindowBecomesFinalWhenTheWatermarkPassesIt_withOrWithoutNewEvents() throws Exception {
    StreamingQuery query = startWindows();
    add(event(0, 0, "a"), event(4, 0, "a"));
    query.processAllAvailable();
    assertEquals(0, table().where("final").count());

    // Moves the watermark, minute 30 less 10, with effect on the micro-batch after this one.
    add(event(30, 0, "a"));
    query.processAllAvailable();
    assertEquals(0, table().where("final").count());

    Timestamp before = new Timestamp(System.currentTimeMillis());
    add(event(31, 0, "b"));
    query.processAllAvailable();
    query.stop();
    assertEquals(table().where("window_end <= '" + at(20) + "'").count(), table().where("final").count());
    assertEquals(9, table().where("final").count());
    // Its figures are as old as they were.
    assertEquals(0, table().where(col("final").and(col("as_of").geq(before))).count());
    assertEquals(5, table().where(col("as_of").geq(before)).count());
  }

  @Test
  void aWindowThatGetsItsLastEventsIsFinalAtOnce() throws Exception {
    StreamingQuery query = startWindows();
    add(event(0, 0, "a"));
    query.processAllAvailable();
    add(event(30, 0, "a"));
    query.processAllAvailable();
    // The watermark is at minute 20 now, but what is late goes by the one before it.
    add(event(18, 0, "a"));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of(true, true, false, false, false), table().where("window_end > '" + at(18) + "' AND window_end <= '"
        + at(23) + "'").orderBy("window_end").select("final").collectAsList().stream().map(row -> row.getBoolean(0)).toList());
  }

  @Test
  void lateEventsAreCounted_andAMicroBatchThatChangesNothingCommitsNothing() throws Exception {
    StreamingQuery query = startWindows();
    add(event(60, 0, "a"));
    query.processAllAvailable();
    add(event(60, 30, "a"));
    query.processAllAvailable();
    long version = version();
    add(event(1, 0, "late"), event(2, 0, "late too"));
    query.processAllAvailable();
    add(event(3, 0, "late again"));
    query.processAllAvailable();
    query.stop();
    assertEquals(version, version());
    assertEquals(2L * WINDOWS_OF_AN_EVENT, counts(2).path("batch").path("late").asLong());
    assertEquals(0, counts(2).path("batch").path("updated").asLong(-1));
    assertEquals(3L * WINDOWS_OF_AN_EVENT, counts(3).path("total").path("late").asLong());
    assertEquals(2L * WINDOWS_OF_AN_EVENT, counts(3).path("total").path("updated").asLong());
    assertEquals("2026-11-22T00:50:30.000Z", counts(2).path("watermark").asText());
    assertTrue(counts(0).path("watermark").isNull());
    assertEquals("{\"source\":{\"start\":1,\"end\":2}}", counts(2).path("offsets").toString());
  }

  @Test
  void ofStoredEventsEachIsCountedInItsWindowsOrLate() throws Exception {
    String source = folder.resolve("events").toString();
    StreamingQuery query = null;
    for (int minute : List.of(0, 20, 40, 41)) {
      // Beside an event in time one of the first minutes. The watermark passes it with the third micro-batch, so it is late in
      // the fourth.
      spark.createDataFrame(List.of(event(minute, 0, "a"), event(2, minute, "b")), EVENTS)
          .withColumn("transaction_id", concat(lit(minute + "-"), col("category")))
          .write().format("delta").mode("append").save(source);
      query = query == null ? startOnEventsAt(source) : query;
      query.processAllAvailable();
    }
    query.stop();
    long late = counts(3).path("total").path("late").asLong();
    assertEquals(1, late);
    assertEquals((8 - late) * WINDOWS_OF_AN_EVENT, table().agg(sum("events")).head().getLong(0));
    JsonNode offsets = counts(3).path("offsets").path("source");
    assertEquals(3, offsets.path("start").path("reservoirVersion").asLong());
    assertEquals(4, offsets.path("end").path("reservoirVersion").asLong());
  }

  @Test
  void withoutAWindowThereIsNoFinal() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", "a", 1));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of("day", "category", "events", "as_of"), List.of(table().columns()));
  }

  /** As the windows over stored events are set up: late events are dropped one by one before they are grouped. */
  private StreamingQuery startOnEventsAt(String path) throws TimeoutException {
    Dataset<Row> inTime = spark.readStream().format("delta").load(path)
        .withWatermark("event_timestamp", "10 minutes").dropDuplicatesWithinWatermark("transaction_id");
    return writer(windows(inTime))
        .option("keys", "window_start, category")
        .option("windowEndColumn", "window_end")
        .partitionBy("window_date")
        .start();
  }
}
