package io.millrace.spark.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.datasources.v2.MicroBatchScanExec;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.streaming.IncrementalExecution;
import org.apache.spark.sql.execution.streaming.StateStoreWriter;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Map;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * One micro-batch as Spark hands it to a sink, and what its executed plan says of it.
 *
 * <p>Rests on {@code IncrementalExecution} and {@code internalCreateDataFrame} of Spark 4.0.1, which Spark calls internal.
 */
final class MicroBatch {

  private static final String QUERY_ID = "sql.streaming.queryId";

  private final long id;
  private final org.apache.spark.sql.classic.Dataset<Row> data;
  private final IncrementalExecution execution;

  MicroBatch(long id, Dataset<Row> data) {
    this.id = id;
    this.data = (org.apache.spark.sql.classic.Dataset<Row>) data;
    this.execution = (IncrementalExecution) this.data.queryExecution();
  }

  long id() {
    return id;
  }

  SparkSession session() {
    return data.sparkSession();
  }

  /** The same over all runs of the query on one checkpoint. */
  String queryId() {
    return Objects.requireNonNull(session().sparkContext().getLocalProperty(QUERY_ID), QUERY_ID);
  }

  /** When the micro-batch began; a replay has the time of the first attempt. */
  long timestampMs() {
    return execution.offsetSeqMetadata().batchTimestampMs();
  }

  /** No event before it can change a window any more once this micro-batch is done; 0 if there is none yet. */
  long watermarkMs() {
    return execution.offsetSeqMetadata().batchWatermarkMs();
  }

  /** The watermark of the micro-batch before this one; empty in the first one. */
  OptionalLong previousWatermarkMs() {
    return execution.prevOffsetSeqMetadata().isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(execution.prevOffsetSeqMetadata().get().batchWatermarkMs());
  }

  /** What a commit of this micro-batch keeps as its metadata. */
  String metadata(SourceOffsets offsets) {
    ObjectNode metadata = new ObjectMapper().createObjectNode().put("queryId", queryId()).put("batchId", id);
    return metadata.set("offsets", offsets.json()).toString();
  }

  Configuration hadoopConf() {
    return data.sparkSession().sessionState().newHadoopConf();
  }

  RDD<InternalRow> rows() {
    return execution.toRdd();
  }

  /**
   * Rows made of the micro-batch's, as a batch. As Spark's {@code foreachBatch} does it: the data itself is bound to the
   * streaming plan, and anything made from it would be planned as a stream once more.
   */
  Dataset<Row> asBatch(RDD<InternalRow> rows, StructType schema) {
    return data.sparkSession().internalCreateDataFrame(rows, schema, false);
  }

  /** The same of a few rows. */
  Dataset<Row> asBatch(List<InternalRow> few, StructType schema) {
    List<Attribute> output = List.copyOf(CollectionConverters.asJava(DataTypeUtils.toAttributes(schema)));
    return org.apache.spark.sql.classic.Dataset.ofRows(data.sparkSession(), new LocalRelation(
        CollectionConverters.asScala(output).toSeq(), CollectionConverters.asScala(few).toSeq(), false, Option.empty()));
  }

  /** Scans of the sources that have new data; Spark puts others, and those of the older source interface, away. */
  List<MicroBatchScanExec> scans() {
    return nodes().stream().filter(MicroBatchScanExec.class::isInstance).map(MicroBatchScanExec.class::cast).toList();
  }

  /** Rows that the sources gave, in all passes over the micro-batch so far. */
  long rowsRead() {
    List<? extends SparkPlan> scans = scans();
    return (scans.isEmpty() ? nodes().stream().filter(node -> node.children().isEmpty()).toList() : scans).stream()
        .mapToLong(scan -> metric(scan, "numOutputRows")).sum();
  }

  /** Rows that the stateful operators refused as late, in all passes over the micro-batch so far. */
  long droppedByWatermark() {
    return nodes().stream().filter(StateStoreWriter.class::isInstance)
        .mapToLong(operator -> metric(operator, "numRowsDroppedByWatermark")).sum();
  }

  /** Of {@code Dataset.observe}, over all passes over the micro-batch so far. */
  OptionalLong observed(String observation, String metric) {
    Option<Row> row = execution.observedMetrics().get(observation);
    if (row.isEmpty() || row.get().isNullAt(row.get().fieldIndex(metric))) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(((Number) row.get().getAs(metric)).longValue());
  }

  private List<SparkPlan> nodes() {
    List<SparkPlan> nodes = new ArrayList<>();
    execution.executedPlan().foreach(node -> {
      nodes.add(node);
      return BoxedUnit.UNIT;
    });
    return nodes;
  }

  private static long metric(SparkPlan node, String name) {
    Map<String, SQLMetric> metrics = node.metrics();
    return metrics.contains(name) ? metrics.apply(name).value() : 0;
  }
}
