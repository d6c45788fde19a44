package io.millrace.spark.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.runtime.BoxedUnit;

/** The tables that the sink makes, reads and refuses. */
class EventsSinkTablesTest extends EventsSinkFixture {

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

  private static org.apache.spark.sql.execution.SparkPlan stripAdaptive(Dataset<Row> rows) {
    var plan = ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().executedPlan();
    return plan instanceof org.apache.spark.sql.execution.adaptive.AdaptiveSparkPlanExec adaptive
        ? adaptive.initialPlan() : plan;
  }
}
