package io.millrace.spark.sink;

import java.util.Locale;
import org.apache.spark.sql.SQLContext;
import org.apache.spark.sql.execution.streaming.Sink;
import org.apache.spark.sql.sources.DataSourceRegister;
import org.apache.spark.sql.sources.StreamSinkProvider;
import org.apache.spark.sql.streaming.OutputMode;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The streaming format {@code millrace-events}: see {@link EventsSink}.
 *
 * <p>Options: {@code path} of the table of events, {@code rejectsPath}, {@code keyColumn}, {@code dateColumn}, {@code
 * checkpointLocation}, and {@code table.<property>} for tables that the sink creates. {@code partitionBy} gives the
 * partition columns of the events.
 */
public final class EventsSinkProvider implements StreamSinkProvider, DataSourceRegister {

  static final String FORMAT = "millrace-events";

  @Override
  public String shortName() {
    return FORMAT;
  }

  @Override
  public Sink createSink(
      SQLContext context, Map<String, String> options, Seq<String> partitionColumns, OutputMode mode) {
    if (!mode.equals(OutputMode.Append())) {
      throw new IllegalArgumentException("The streaming sink '" + FORMAT + "' appends events: output mode "
          + mode.toString().toLowerCase(Locale.ROOT) + " is not possible, use append");
    }
    SinkOptions given = SinkOptions.of(FORMAT, options);
    return new EventsSink(
        new AppendTable(given.required("path"), CollectionConverters.asJava(partitionColumns), given.tableProperties()),
        AppendTable.ofRejects(given.required("rejectsPath"), given.tableProperties()),
        given.required("keyColumn"),
        given.required("dateColumn"),
        given.required("checkpointLocation"));
  }
}
