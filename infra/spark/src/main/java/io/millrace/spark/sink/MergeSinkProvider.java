package io.millrace.spark.sink;

import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.execution.streaming.Sink;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.StreamSinkProvider;
import org.apache.spark.sql.streaming.OutputMode;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The streaming format {@code millrace-merge}: see {@link MergeSink}. It takes every output mode.
 *
 * <p>Options: {@code path} of the table, {@code keys} (column names, comma-separated), {@code windowEndColumn} (may be
 * missing), {@code checkpointLocation}, and {@code table.<property>} for a table that the sink creates.
 */
public final class MergeSinkProvider implements StreamSinkProvider, DataSourceRegister {

  static final String FORMAT = "millrace-merge";

  @Override
  public String shortName() {
    return FORMAT;
  }

  @Override
  public Sink createSink(
      SQLContext context, Map<String, String> options, Seq<String> partitionColumns, OutputMode mode) {
    SinkOptions given = SinkOptions.of(FORMAT, options);
    return new MergeSink(
        new AppendTable(given.required("path"), CollectionConverters.asJava(partitionColumns), given.tableProperties()),
        given.requiredNames("keys"),
        given.optional("windowEndColumn"),
        given.required("checkpointLocation"),
        mode);
  }
}
