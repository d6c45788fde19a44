package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.runtime.BoxedUnit;

/** With real streaming queries, Delta tables and checkpoints. */
@Timeout(180)
class EventsSinkTest {

  private static final StructType SCHEMA = StructType.fromDDL("transaction_id STRING, amount DOUBLE, event_date DATE, "
      + "_reject_reason STRING, _beyond_horizon BOOLEAN, _topic STRING, _partition INT, _offset BIGINT, "
      + "_timestamp TIMESTAMP, _key BINARY, _value BINARY, _ingested_at TIMESTAMP, _key_of_event STRING");
  private static final Timestamp NOW = Timestamp.valueOf("2026-11-22 10:00:00");
  private static final String TODAY = "2026-11-22";
  private static final String LONG_AGO = "2026-10-01";

  @TempDir
  static Path root;

  private static SparkSession spark;
  private static int tests;

  private Path folder;
  private LocalSpark.Source source;
  private long offset;

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.start(root);
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @BeforeEach
  void newSource() throws IOException {
    folder = Files.createDirectory(root.resolve("test-" + tests++));
    source = LocalSpark.source(spark, SCHEMA);
  }

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
  void tablesAreMadeWithTheirProperties_andGetNewColumnsLater() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"));
    query.processAllAvailable();
    query.stop();
    assertEquals("50", spark.sql("SHOW TBLPROPERTIES delta.`" + at("events") + "` ('delta.checkpointInterval')")
        .head().getString(1));
    assertEquals(List.of("transaction_id", "amount", "event_date"), Arrays.asList(events().columns()));

    StreamingQuery wider = writer(deduplicated().withColumn("voucher", functions.lit("V1"))).start();
    source.add(event("b"));
    wider.processAllAvailable();
    wider.stop();
    assertEquals(List.of("null", "V1"), events().orderBy("transaction_id").select("voucher").collectAsList().stream()
        .map(row -> String.valueOf(row.get(0))).toList());
  }

  @Test
  void commitsTellWhichMicroBatchTheyAre() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"));
    query.processAllAvailable();
    query.stop();
    Row last = spark.sql("DESCRIBE HISTORY delta.`" + at("events") + "` LIMIT 1")
        .select("userMetadata", "operation", "operationMetrics.numOutputRows", "operationMetrics.numAddedFiles").head();
    JsonNode metadata = new ObjectMapper().readTree(last.getString(0));
    assertEquals(query.id().toString(), metadata.path("queryId").asText());
    assertEquals(0, metadata.path("batchId").asLong(-1));
    assertEquals("{\"source\":{\"start\":-1,\"end\":0}}", metadata.path("offsets").toString());
    assertEquals(List.of("STREAMING UPDATE", "1", "1"), List.of(last.get(1), last.get(2), last.get(3)));
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

  /** Where the query is stopped short in its second micro-batch. */
  enum Crash {
    BEFORE_EVENTS(0, 0),
    BEFORE_REJECTS(1, 0),
    BEFORE_CHECKED(1, 1),
    BEFORE_COUNTS(2, 1),
    BEFORE_COMMIT_OF_SPARK(2, 1);

    /** Made by then. */
    final int eventsCommits;
    final int rejectsCommits;

    Crash(int eventsCommits, int rejectsCommits) {
      this.eventsCommits = eventsCommits;
      this.rejectsCommits = rejectsCommits;
    }
  }

  @ParameterizedTest
  @EnumSource(Crash.class)
  void afterACrashNothingIsMissingAndNothingThereTwice(Crash crash) throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), event("b"), old("x"), reject("first"));
    query.processAllAvailable();
    Runnable repair = breakAt(crash);
    long eventsCommits = version("events");
    long rejectsCommits = version("rejects");
    source.add(event("b"), event("c"), event("d"), event("d"), old("x"), old("y"), reject("second"), reject("third"));
    if (crash == Crash.BEFORE_COMMIT_OF_SPARK) {
      query.processAllAvailable();
      query.stop();
    } else {
      assertThrows(StreamingQueryException.class, query::processAllAvailable);
    }
    assertEquals(crash.eventsCommits, version("events") - eventsCommits);
    assertEquals(crash.rejectsCommits, version("rejects") - rejectsCommits);
    repair.run();
    eventsCommits = version("events");
    rejectsCommits = version("rejects");

    StreamingQuery again = start();
    again.processAllAvailable();
    source.add(event("d"), event("e"));
    again.processAllAvailable();
    again.stop();

    assertEquals(List.of("a", "b", "c", "d", "e", "x", "y"), storedIds());
    assertEquals(List.of("first", "second", "third"), strings(rejects(), "reason"));
    assertEquals(new Counts(4, 4, 3, 1, 0), batch(0));
    assertEquals(new Counts(8, 8, 3, 2, 3), batch(1));
    assertEquals(new Counts(2, 2, 1, 0, 1), batch(2));
    assertEquals(new Counts(14, 14, 7, 3, 4), total(2));
    // Events and checked events of the second micro-batch, its rejects, and the events of the third.
    assertEquals(2 - crash.eventsCommits + 1, version("events") - eventsCommits);
    assertEquals(1 - crash.rejectsCommits, version("rejects") - rejectsCommits);
  }

  @Test
  void aReplayWritesTheVerySameCountsFile() throws Exception {
    StreamingQuery query = start();
    source.add(event("a"), event("a"), old("x"), reject("first"));
    query.processAllAvailable();
    query.stop();
    String written = Files.readString(countsFile(0));
    Files.delete(countsFile(0));
    forgetCommit(0);

    StreamingQuery again = start();
    again.processAllAvailable();
    again.stop();
    assertEquals(written, Files.readString(countsFile(0)));
  }

  @Test
  void ofTheTableOnlyPartitionsOfTheDatesAreRead() {
    List<Row> rows = List.of(event("a"), old("x"), old("y"));
    spark.createDataFrame(rows, SCHEMA).select("transaction_id", "event_date").unionByName(
            spark.sql("SELECT 'p' AS transaction_id, DATE'2026-10-02' AS event_date"))
        .write().format("delta").partitionBy("event_date").save(at("events"));
    EventColumns columns = EventColumns.of(SCHEMA, "transaction_id", "event_date");
    Dataset<Row> fresh = columns.notIn(
        at("events"), columns.toCheck(spark.createDataFrame(List.of(old("x"), old("z")), SCHEMA)));
    assertEquals(List.of("z"), strings(fresh, "transaction_id"));

    FileSourceScanExec[] scan = new FileSourceScanExec[1];
    stripAdaptive(fresh).foreach(node -> {
      if (node instanceof FileSourceScanExec found) {
        scan[0] = found;
      }
      return BoxedUnit.UNIT;
    });
    assertEquals(1, scan[0].selectedPartitions().partitionCount());
  }

  @ParameterizedTest
  @ValueSource(strings = {"update", "complete"})
  void otherOutputModesAreRefused(String mode) {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> writer(
        mode.equals("complete") ? source.rows().groupBy("event_date").count() : source.rows()).outputMode(mode).start());
    assertTrue(refusal.getMessage().contains("output mode " + mode + " is not possible, use append"), refusal.getMessage());
  }

  @Test
  void aMissingOptionIsNamed() {
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> source.rows().writeStream()
        .format("millrace-events").option("path", at("events")).option("checkpointLocation", at("checkpoint")).start());
    assertEquals("The streaming sink 'millrace-events' needs the option 'rejectsPath'", refusal.getMessage());
  }

  @Test
  void missingColumnsAreNamed() throws Exception {
    StreamingQuery query = writer(source.rows().drop("_offset", "event_date")).partitionBy().start();
    source.add(event("a"));
    Exception failure = assertThrows(StreamingQueryException.class, query::processAllAvailable);
    assertTrue(failure.getMessage().contains("lack the columns _offset, event_date"), failure.getMessage());
    assertFalse(Files.exists(folder.resolve("events")));
  }

  @Test
  void aColumnOfAnotherTypeThanTheTablesIsRefused() throws Exception {
    spark.sql("CREATE TABLE delta.`" + at("events")
        + "` (transaction_id STRING, amount DATE, event_date DATE) USING delta PARTITIONED BY (event_date)");
    StreamingQuery query = start();
    source.add(event("a"));
    assertThrows(StreamingQueryException.class, query::processAllAvailable);
    assertEquals(0, events().count());
  }

  private Runnable breakAt(Crash crash) throws IOException {
    return switch (crash) {
      case BEFORE_EVENTS -> constraint("events", "transaction_id <> 'c'");
      case BEFORE_REJECTS -> constraint("rejects", "reason <> 'second'");
      case BEFORE_CHECKED -> constraint("events", "transaction_id <> 'y'");
      case BEFORE_COUNTS -> fileInTheWay("checkpoint/counts");
      case BEFORE_COMMIT_OF_SPARK -> () -> forgetCommit(1);
    };
  }

  /** Delta then refuses to write such a row. */
  private Runnable constraint(String table, String condition) {
    spark.sql("ALTER TABLE delta.`" + at(table) + "` ADD CONSTRAINT broken CHECK (" + condition + ")");
    return () -> spark.sql("ALTER TABLE delta.`" + at(table) + "` DROP CONSTRAINT broken");
  }

  /** Instead of a folder that is put back by the repair. */
  private Runnable fileInTheWay(String name) throws IOException {
    Path there = folder.resolve(name);
    Path aside = folder.resolve("aside");
    Files.move(there, aside);
    Files.createFile(there);
    return () -> {
      try {
        Files.delete(there);
        Files.move(aside, there);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  /** As if the process had ended after the sink and before Spark noted the micro-batch as done. */
  private void forgetCommit(int batchId) {
    try {
      Files.delete(folder.resolve("checkpoint/commits/" + batchId));
      Files.deleteIfExists(folder.resolve("checkpoint/commits/." + batchId + ".crc"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private StreamingQuery start() throws TimeoutException {
    return writer(deduplicated()).start();
  }

  private StreamingQuery startWithoutState() throws TimeoutException {
    return writer(source.rows()).start();
  }

  private Dataset<Row> deduplicated() {
    return source.rows().withWatermark("_ingested_at", "1 hour").dropDuplicatesWithinWatermark("_key_of_event");
  }

  private DataStreamWriter<Row> writer(Dataset<Row> rows) {
    return rows.writeStream().format("millrace-events").outputMode("append")
        .option("path", at("events"))
        .option("rejectsPath", at("rejects"))
        .option("keyColumn", "transaction_id")
        .option("dateColumn", "event_date")
        .option("table.delta.checkpointInterval", "50")
        .option("checkpointLocation", at("checkpoint"))
        .partitionBy("event_date");
  }

  private Row event(String id) {
    return row(id, TODAY, null, false, id);
  }

  private Row old(String id) {
    return row(id, LONG_AGO, null, true, offset + "");
  }

  private Row reject(String reason) {
    return reject(reason, 5);
  }

  /** Several megabytes of them. */
  private Row[] withLargeRejects(Row... others) {
    Stream<Row> large = Stream.generate(() -> reject("too long", 200_000)).limit(24);
    return Stream.concat(Stream.of(others), large).toArray(Row[]::new);
  }

  private Row reject(String reason, int bytes) {
    return row(null, null, reason, null, "transactions/1/" + offset, "{".repeat(bytes).getBytes());
  }

  private Row row(String id, String date, String reason, Boolean beyond, String key) {
    return row(id, date, reason, beyond, key, null);
  }

  private Row row(String id, String date, String reason, Boolean beyond, String key, byte[] value) {
    return RowFactory.create(id, 1.5, date == null ? null : Date.valueOf(date), reason, beyond,
        "transactions", 1, offset++, NOW, "the key".getBytes(), value, NOW, key);
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private Dataset<Row> events() {
    return spark.read().format("delta").load(at("events"));
  }

  private Dataset<Row> rejects() {
    return spark.read().format("delta").load(at("rejects"));
  }

  private List<String> storedIds() {
    return strings(events(), "transaction_id");
  }

  private static List<String> strings(Dataset<Row> rows, String column) {
    return rows.select(column).collectAsList().stream().map(row -> row.getString(0)).sorted().toList();
  }

  private long version(String table) {
    return spark.sql("DESCRIBE HISTORY delta.`" + at(table) + "` LIMIT 1").select("version").head().getLong(0);
  }

  private Path countsFile(long batchId) {
    return folder.resolve("checkpoint/counts/" + batchId + ".json");
  }

  private record Counts(long offered, long received, long stored, long rejected, long duplicate) {

    static Counts of(JsonNode json) {
      return new Counts(json.path("offered").asLong(-1), json.path("received").asLong(-1), json.path("stored").asLong(-1),
          json.path("rejected").asLong(-1), json.path("duplicate").asLong(-1));
    }
  }

  private Counts batch(long batchId) throws IOException {
    return Counts.of(new ObjectMapper().readTree(countsFile(batchId).toFile()).path("batch"));
  }

  private Counts total(long batchId) throws IOException {
    return Counts.of(new ObjectMapper().readTree(countsFile(batchId).toFile()).path("total"));
  }

  private static long rowsReadFor(StreamingQuery query, long batchId) {
    return Arrays.stream(query.recentProgress()).filter(progress -> progress.batchId() == batchId)
        .mapToLong(StreamingQueryProgress::numInputRows).max().orElseThrow();
  }

  private static org.apache.spark.sql.execution.SparkPlan stripAdaptive(Dataset<Row> rows) {
    var plan = ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().executedPlan();
    return plan instanceof org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec adaptive
        ? adaptive.initialPlan() : plan;
  }
}
