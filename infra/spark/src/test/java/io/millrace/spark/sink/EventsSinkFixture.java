package io.millrace.spark.sink;

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
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sink of events in real streaming queries, with Delta tables and checkpoints of its own for each test. */
@Timeout(180)
abstract class EventsSinkFixture {

  static final StructType SCHEMA = StructType.fromDDL("transaction_id STRING, amount DOUBLE, event_date DATE, "
      + "_reject_reason STRING, _beyond_horizon BOOLEAN, _topic STRING, _partition INT, _offset BIGINT, "
      + "_timestamp TIMESTAMP, _key BINARY, _value BINARY, _ingested_at TIMESTAMP, _key_of_event STRING, "
      + "_other_fields STRING");
  static final Timestamp NOW = Timestamp.valueOf("2026-11-22 10:00:00");
  static final String TODAY = "2026-11-22";
  private static final String LONG_AGO = "2026-10-01";

  @TempDir
  static Path root;

  static SparkSession spark;
  private static int tests;

  Path folder;
  LocalSpark.Source source;
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

  StreamingQuery start() throws TimeoutException {
    return writer(deduplicated()).start();
  }

  StreamingQuery startWithoutState() throws TimeoutException {
    return writer(source.rows()).start();
  }

  Dataset<Row> deduplicated() {
    return source.rows().withWatermark("_ingested_at", "1 hour").dropDuplicatesWithinWatermark("_key_of_event");
  }

  DataStreamWriter<Row> writer(Dataset<Row> rows) {
    return rows.writeStream().format("millrace-events").outputMode("append")
        .option("path", at("events"))
        .option("rejectsPath", at("rejects"))
        .option("keyColumn", "transaction_id")
        .option("dateColumn", "event_date")
        .option("table.delta.checkpointInterval", "50")
        .option("checkpointLocation", at("checkpoint"))
        .partitionBy("event_date");
  }

  Row event(String id) {
    return event(id, null);
  }

  /** @param otherFields JSON */
  Row event(String id, String otherFields) {
    return row(id, TODAY, null, false, id, null, otherFields);
  }

  Row old(String id) {
    return old(id, null);
  }

  Row old(String id, String otherFields) {
    return row(id, LONG_AGO, null, true, offset + "", null, otherFields);
  }

  Row reject(String reason) {
    return reject(reason, 5);
  }

  Row reject(String reason, int bytes) {
    return reject(reason, "{".repeat(bytes).getBytes(), null);
  }

  /** Several megabytes of them. */
  Row[] withLargeRejects(Row... others) {
    Stream<Row> large = Stream.generate(() -> reject("too long", 200_000)).limit(24);
    return Stream.concat(Stream.of(others), large).toArray(Row[]::new);
  }

  Row reject(String reason, byte[] value, String otherFields) {
    return row(null, null, reason, null, "transactions/1/" + offset, value, otherFields);
  }

  private Row row(
      String id, String date, String reason, Boolean beyond, String key, byte[] value, String otherFields) {
    return RowFactory.create(id, 1.5, date == null ? null : Date.valueOf(date), reason, beyond,
        "transactions", 1, offset++, NOW, "the key".getBytes(), value, NOW, key, otherFields);
  }

  String at(String name) {
    return folder.resolve(name).toString();
  }

  Dataset<Row> events() {
    return spark.read().format("delta").load(at("events"));
  }

  Dataset<Row> rejects() {
    return spark.read().format("delta").load(at("rejects"));
  }

  List<String> storedIds() {
    return strings(events(), "transaction_id");
  }

  static List<String> strings(Dataset<Row> rows, String column) {
    return rows.select(column).collectAsList().stream().map(row -> row.getString(0)).sorted().toList();
  }

  long version(String table) {
    return spark.sql("DESCRIBE HISTORY delta.`" + at(table) + "` LIMIT 1").select("version").head().getLong(0);
  }

  Path countsFile(long batchId) {
    return folder.resolve("checkpoint/counts/" + batchId + ".json");
  }

  record Counts(long offered, long received, long stored, long rejected, long duplicate) {

    static Counts of(JsonNode json) {
      return new Counts(json.path("offered").asLong(-1), json.path("received").asLong(-1), json.path("stored").asLong(-1),
          json.path("rejected").asLong(-1), json.path("duplicate").asLong(-1));
    }
  }

  Counts batch(long batchId) throws IOException {
    return Counts.of(new ObjectMapper().readTree(countsFile(batchId).toFile()).path("batch"));
  }

  Counts total(long batchId) throws IOException {
    return Counts.of(new ObjectMapper().readTree(countsFile(batchId).toFile()).path("total"));
  }

  static long rowsReadFor(StreamingQuery query, long batchId) {
    return Arrays.stream(query.recentProgress()).filter(progress -> progress.batchId() == batchId)
        .mapToLong(StreamingQueryProgress::numInputRows).max().orElseThrow();
  }

  /** Delta then refuses to write such a row. */
  Runnable constraint(String table, String condition) {
    spark.sql("ALTER TABLE delta.`" + at(table) + "` ADD CONSTRAINT broken CHECK (" + condition + ")");
    return () -> spark.sql("ALTER TABLE delta.`" + at(table) + "` DROP CONSTRAINT broken");
  }

  /** As if the process had ended after the sink and before Spark noted the micro-batch as done. */
  void forgetCommit(int batchId) {
    try {
      Files.delete(folder.resolve("checkpoint/commits/" + batchId));
      Files.deleteIfExists(folder.resolve("checkpoint/commits/." + batchId + ".crc"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
