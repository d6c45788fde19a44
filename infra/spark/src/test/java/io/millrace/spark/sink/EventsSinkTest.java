package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;

/** Where events go, and how they are counted. */
class EventsSinkTest extends EventsSinkFixture {

  @Test
  void eventsRejectsAndDuplicatesGoWhereTheyBelongAndAreCounted() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), event("b"), event("a"), reject("no JSON"));
    query.processAllAvailable();
    source.add(event("b"), event("c"), reject("amount"), reject("amount"));
    query.processAllAvailable();
    query.stop();

    assertEquals(List.of("a", "b", "c"), storedIds());
    assertEquals(List.of("amount", "amount", "no JSON"), strings(rejects(), "reason"));
    assertEquals(new Counts(4, 4, 2, 1, 1), batch(0));
    assertEquals(new Counts(4, 4, 1, 2, 1), batch(1));
    assertEquals(new Counts(8, 8, 3, 3, 2), total(1));
  }

  @Test
  void countsAreExactOverManyPartitionsAndMicroBatches() throws Exception {
    // Which shuffles the rows once more before they are written.
    StreamingQuery query = writer(deduplicated()).option("table.delta.autoOptimize.optimizeWrite", "true").start();
    for (int batch = 0; batch < 4; batch++) {
      int from = batch * 500;
      source.add(Stream.iterate(from, id -> id + 1).limit(1000)
          .map(id -> id % 10 == 0 ? reject("every tenth") : event("id-" + id)).toArray(Row[]::new));
      query.processAllAvailable();
    }
    query.stop();
    // Ids 0 to 2499, most of them twice; each rejected message is one of its own.
    assertEquals(2250, events().count());
    assertEquals(2250, events().select("transaction_id").distinct().count());
    assertEquals(400, rejects().count());
    assertEquals(new Counts(4000, 4000, 2250, 400, 1350), total(3));
  }

  @Test
  void aMicroBatchIsReadOnce_alsoWithRejectsAndEventsBeyondTheHorizon() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), event("b"));
    query.processAllAvailable();
    source.add(event("c"), reject("no JSON"), old("x"));
    query.processAllAvailable();
    query.stop();
    assertEquals(2, rowsReadFor(query, 0));
    assertEquals(3, rowsReadFor(query, 1));
    assertEquals(new Counts(3, 3, 2, 1, 0), batch(1));
  }

  @Test
  void aMicroBatchOfEventsIsOneJob() throws Throwable {
    StreamingQuery query = start();
    source.add(event("a"), event("b"));
    query.processAllAvailable();
    int jobs = LocalSpark.jobsOf(spark, () -> {
      source.add(event("c"), event("a"));
      query.processAllAvailable();
    });
    query.stop();
    assertEquals(1, jobs);
  }

  @Test
  void rejectsOfManyMegabytesAreStoredToo() throws Exception {
    StreamingQuery query = start();
    source.add(withLargeRejects(event("a"), old("x")));
    query.processAllAvailable();
    source.add(withLargeRejects(event("b"), old("x"), old("y")));
    query.processAllAvailable();
    assertEquals(27, rowsReadFor(query, 1));
    query.stop();
    assertEquals(48, rejects().where("length(value) = 200000").count());
    assertEquals(List.of("a", "b", "x", "y"), storedIds());
    assertEquals(new Counts(26, 26, 2, 24, 0), batch(0));
    assertEquals(new Counts(53, 53, 4, 48, 1), total(1));
    assertTrue(((org.apache.spark.sql.classic.SparkSession) spark).sharedState().cacheManager().isEmpty());
  }

  @Test
  void aMicroBatchWithNothingToStoreCommitsNothing() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"));
    query.processAllAvailable();
    long version = version("events");
    source.add(event("a"));
    query.processAllAvailable();
    source.add(reject("nothing else"));
    query.processAllAvailable();
    query.stop();
    assertEquals(version, version("events"));
    assertEquals(new Counts(1, 1, 0, 0, 1), batch(1));
    assertEquals(new Counts(1, 1, 0, 1, 0), batch(2));
  }

  @Test
  void aMicroBatchThatOnlyMovesTheWatermarkCommitsNothing() throws Exception {
    StreamingQuery query;
    spark.conf().set("spark.sql.streaming.noDataMicroBatches.enabled", "true");
    try {
      query = start();
    } finally {
      spark.conf().set("spark.sql.streaming.noDataMicroBatches.enabled", "false");
    }
    source.add(event("a"), reject("no JSON"));
    query.processAllAvailable();
    query.stop();
    assertEquals(new Counts(0, 0, 0, 0, 0), batch(1));
    assertEquals(new Counts(2, 2, 1, 1, 0), total(1));
    assertEquals(1, version("events"));
    assertEquals(1, version("rejects"));
  }

  @Test
  void anEventBeyondTheHorizonIsStoredOnce_whateverTheStateRemembers() throws Exception {
    StreamingQuery query = startWithoutState();
    source.add(old("x"), old("x"), old("y"), event("a"));
    query.processAllAvailable();
    source.add(old("x"), old("z"), event("b"));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of("a", "b", "x", "y", "z"), storedIds());
    assertEquals(new Counts(4, 4, 3, 0, 1), batch(0));
    assertEquals(new Counts(3, 3, 2, 0, 1), batch(1));
  }

  @Test
  void aRejectKeepsItsCoordinatesAndBytes() throws Exception {
    StreamingQuery query = start();
    source.add(reject("no JSON"));
    query.processAllAvailable();
    query.stop();
    Row row = rejects().selectExpr("reason", "topic", "partition", "offset", "timestamp", "CAST(key AS STRING)",
        "CAST(value AS STRING)", "rejected_at", "CAST(reject_date AS STRING)").head();
    assertEquals(RowFactory.create("no JSON", "transactions", 1, 0L, NOW, "the key", "{{{{{", NOW, TODAY), row);
    assertEquals("reject_date", spark.sql("DESCRIBE DETAIL delta.`" + at("rejects") + "`")
        .select(functions.concat_ws(",", functions.col("partitionColumns"))).head().getString(0));
  }

  @Test
  void receivedIsWhatTheQueryObserves() throws Exception {
    StreamingQuery query = writer(source.rows()
        .observe("contract", functions.count(functions.lit(1)).as("received"))
        .where("transaction_id IS NULL OR transaction_id <> 'dropped by the query'")).start();
    source.add(event("a"), event("dropped by the query"), reject("x"), old("o"));
    query.processAllAvailable();
    source.add(event("b"), event("dropped by the query"));
    query.processAllAvailable();
    query.stop();
    assertEquals(new Counts(4, 4, 2, 1, 1), batch(0));
    assertEquals(new Counts(2, 2, 1, 0, 1), batch(1));
  }
}
