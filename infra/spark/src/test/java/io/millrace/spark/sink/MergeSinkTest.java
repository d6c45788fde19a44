package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.window;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaConcurrentModificationException;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With real streaming aggregations, Delta tables and checkpoints. */
@Timeout(180)
class MergeSinkTest {

  private static final StructType EVENTS =
      StructType.fromDDL("event_timestamp TIMESTAMP, category STRING, amount DECIMAL(10,2)");
  private static final StructType FIGURES = StructType.fromDDL("day DATE, category STRING, events BIGINT");
  private static final int WINDOWS_OF_AN_EVENT = 5;

  @TempDir
  static Path root;

  private static SparkSession spark;
  private static int tests;

  private Path folder;
  private LocalSpark.Source events;
  private LocalSpark.Source figures;
  private final List<Row> added = new ArrayList<>();

  @BeforeAll
  static void startSpark() {
    spark = LocalSpark.start(root);
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  @BeforeEach
  void newSources() throws IOException {
    folder = Files.createDirectory(root.resolve("test-" + tests++));
    events = LocalSpark.source(spark, EVENTS);
    figures = LocalSpark.source(spark, FIGURES);
  }

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
  void onlyPartitionsWithSuchKeysAreRead() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", "a", 1), figure("2026-11-21", "a", 1));
    query.processAllAvailable();
    // Whoever reads this partition fails.
    try (Stream<Path> files = Files.walk(folder.resolve("table/day=2026-11-20"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    figures.add(figure("2026-11-21", "a", 2), figure("2026-11-22", "a", 1));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of(2L, 1L), table().where("day >= '2026-11-21'").orderBy("day").select("events").collectAsList()
        .stream().map(row -> row.getLong(0)).toList());
  }

  @Test
  void aKeyMayBeNull() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", null, 1), figure("2026-11-20", "a", 1));
    query.processAllAvailable();
    figures.add(figure("2026-11-20", null, 2));
    query.processAllAvailable();
    query.stop();
    assertEquals(2, table().where("category IS NULL").head().getLong(2));
    assertEquals(2, table().count());
  }

  @Test
  void manyRowsAreMergedToo() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    for (int round = 1; round <= 2; round++) {
      int events = round;
      figures.add(IntStream.range(0, 21_000).mapToObj(i -> figure("2026-11-20", "c" + i, events)).toArray(Row[]::new));
      query.processAllAvailable();
    }
    query.stop();
    assertEquals(21_000, table().count());
    assertEquals(42_000L, table().agg(sum("events")).head().getLong(0));
    assertEquals(42_000, counts(1).path("total").path("updated").asLong());
  }

  @Test
  void twoRowsOfOneKeyAreRefused() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day");
    figures.add(figure("2026-11-20", "a", 1), figure("2026-11-21", "a", 1), figure("2026-11-21", "b", 1));
    Exception failure = assertThrows(StreamingQueryException.class, query::processAllAvailable);
    assertTrue(failure.getMessage().contains("Several rows of one micro-batch have the key day=2026-11-21:"),
        failure.getMessage());
  }

  @Test
  void withoutAWindowThereIsNoFinal() throws Exception {
    StreamingQuery query = startFigures(figures.rows(), "day,category");
    figures.add(figure("2026-11-20", "a", 1));
    query.processAllAvailable();
    query.stop();
    assertEquals(List.of("day", "category", "events", "as_of"), List.of(table().columns()));
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

  @ParameterizedTest
  @ValueSource(strings = {"append", "complete"})
  void otherOutputModesAreRefused(String mode) {
    Dataset<Row> rows = mode.equals("append") ? figures.rows() : figures.rows().groupBy("day").count();
    Exception refusal = assertThrows(IllegalArgumentException.class, () -> writer(rows).outputMode(mode).start());
    assertTrue(refusal.getMessage().contains("needs output mode update; for append and complete use the format 'delta'"));
  }

  @Test
  void columnsAreChecked() throws Exception {
    figures.add(figure("2026-11-20", "a", 1));
    StreamingQuery missing = startFigures(figures.rows().drop("category"), "day,category");
    assertTrue(assertThrows(StreamingQueryException.class, missing::processAllAvailable).getMessage()
        .contains("lack the columns category"));
    StreamingQuery taken = startFigures(figures.rows().withColumn("as_of", lit(1)), "day,category");
    assertTrue(assertThrows(StreamingQueryException.class, taken::processAllAvailable).getMessage()
        .contains("adds the column as_of itself"));
    assertFalse(Files.exists(folder.resolve("table")));
  }

  /** ZORDER rewrites the files each time, however few there are. */
  private void optimize(SparkSession session) {
    try {
      session.sql("OPTIMIZE " + delta() + " ZORDER BY (category)").collectAsList();
    } catch (DeltaConcurrentModificationException e) {
      // The query was first.
    }
  }

  private void add(Row... rows) {
    added.addAll(List.of(rows));
    events.add(rows);
  }

  private StreamingQuery startWindows() throws TimeoutException {
    return writer(windows(events.rows().withWatermark("event_timestamp", "10 minutes")))
        .option("keys", "window_start, category")
        .option("windowEndColumn", "window_end")
        .partitionBy("window_date")
        .start();
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

  private static Dataset<Row> windows(Dataset<Row> events) {
    return events.groupBy(window(col("event_timestamp"), "5 minutes", "1 minute"), col("category"))
        .agg(count(lit(1)).as("events"), sum("amount").as("revenue"))
        .select(col("window.start").as("window_start"), col("window.end").as("window_end"), col("category"), col("events"),
            col("revenue"), to_date(col("window.start")).as("window_date"));
  }

  private StreamingQuery startFigures(Dataset<Row> rows, String keys) throws TimeoutException {
    return writer(rows).option("keys", keys).partitionBy("day").start();
  }

  private DataStreamWriter<Row> writer(Dataset<Row> rows) {
    return rows.writeStream().format("millrace-merge").outputMode("update")
        .option("path", folder.resolve("table").toString())
        .option("keys", "day")
        .option("checkpointLocation", folder.resolve("checkpoint").toString());
  }

  private static Row event(int minute, int second, String category) {
    return RowFactory.create(
        new Timestamp(Timestamp.valueOf(at(minute)).getTime() + second * 1000L), category, new java.math.BigDecimal("2.50"));
  }

  private static String at(int minute) {
    return String.format("2026-11-22 %02d:%02d:00", minute / 60, minute % 60);
  }

  private static Row figure(String day, String category, long events) {
    return RowFactory.create(java.sql.Date.valueOf(day), category, events);
  }

  private Dataset<Row> table() {
    return spark.read().format("delta").load(folder.resolve("table").toString());
  }

  private String delta() {
    return "delta.`" + folder.resolve("table") + "`";
  }

  private long version() {
    return spark.sql("DESCRIBE HISTORY " + delta() + " LIMIT 1").select("version").head().getLong(0);
  }

  private Path countsFile(long batchId) {
    return folder.resolve("checkpoint/counts/" + batchId + ".json");
  }

  private JsonNode counts(long batchId) throws IOException {
    return new ObjectMapper().readTree(countsFile(batchId).toFile());
  }

  /** As if the process had ended after the sink and before Spark noted the micro-batch as done. */
  private void forgetCommit(int batchId) throws IOException {
    Files.delete(folder.resolve("checkpoint/commits/" + batchId));
    Files.deleteIfExists(folder.resolve("checkpoint/commits/." + batchId + ".crc"));
  }
}
