package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.window;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real streaming aggregations, Delta tables and checkpoints, a folder and sources for each test. */
@Timeout(180)
abstract class MergeSinkFixture {

  static final StructType EVENTS =
      StructType.fromDDL("event_timestamp TIMESTAMP, category STRING, amount DECIMAL(10,2)");
  static final StructType FIGURES = StructType.fromDDL("day DATE, category STRING, events BIGINT");
  static final int WINDOWS_OF_AN_EVENT = 5;

  @TempDir
  static Path root;

  static SparkSession spark;
  private static int tests;

  Path folder;
  LocalSpark.Source events;
  LocalSpark.Source figures;
  final List<Row> added = new ArrayList<>();

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

  void add(Row... rows) {
    added.addAll(List.of(rows));
    events.add(rows);
  }

  StreamingQuery startWindows() throws TimeoutException {
    return startWindows("update");
  }

  StreamingQuery startWindows(String mode) throws TimeoutException {
    return writer(windows(events.rows().withWatermark("event_timestamp", "10 minutes")))
        .outputMode(mode)
        .option("keys", "window_start, category")
        .option("windowEndColumn", "window_end")
        .partitionBy("window_date")
        .start();
  }

  static Dataset<Row> windows(Dataset<Row> events) {
    return events.groupBy(window(col("event_timestamp"), "5 minutes", "1 minute"), col("category"))
        .agg(count(lit(1)).as("events"), sum("amount").as("revenue"))
        .select(col("window.start").as("window_start"), col("window.end").as("window_end"), col("category"), col("events"),
            col("revenue"), to_date(col("window.start")).as("window_date"));
  }

  StreamingQuery startFigures(Dataset<Row> rows, String keys) throws TimeoutException {
    return writer(rows).option("keys", keys).partitionBy("day").start();
  }

  DataStreamWriter<Row> writer(Dataset<Row> rows) {
    return rows.writeStream().format("millrace-merge").outputMode("update")
        .option("path", folder.resolve("table").toString())
        .option("keys", "day")
        .option("checkpointLocation", folder.resolve("checkpoint").toString());
  }

  static Row event(int minute, int second, String category) {
    return RowFactory.create(
        new Timestamp(Timestamp.valueOf(at(minute)).getTime() + second * 1000L), category, new java.math.BigDecimal("2.50"));
  }

  static String at(int minute) {
    return String.format("2026-11-22 %02d:%02d:00", minute / 60, minute % 60);
  }

  static Row figure(String day, String category, long events) {
    return RowFactory.create(java.sql.Date.valueOf(day), category, events);
  }

  Dataset<Row> table() {
    return spark.read().format("delta").load(folder.resolve("table").toString());
  }

  String delta() {
    return "delta.`" + folder.resolve("table") + "`";
  }

  long version() {
    return spark.sql("DESCRIBE HISTORY " + delta() + " LIMIT 1").select("version").head().getLong(0);
  }

  Path countsFile(long batchId) {
    return folder.resolve("checkpoint/counts/" + batchId + ".json");
  }

  JsonNode counts(long batchId) throws IOException {
    return new ObjectMapper().readTree(countsFile(batchId).toFile());
  }

  /** As if the process had ended after the sink and before Spark noted the micro-batch as done. */
  void forgetCommit(int batchId) throws IOException {
    Files.delete(folder.resolve("checkpoint/commits/" + batchId));
    Files.deleteIfExists(folder.resolve("checkpoint/commits/." + batchId + ".crc"));
  }
}
