package io.millrace.spark.sink;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.tables.DeltaTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.streaming.Sink;
import org.apache.spark.sql.streaming.OutputMode;
import org.apache.spark.storage.StorageLevel;

/**
 * Keeps the newest value of each key of an aggregation in a Delta table, which Delta's own sink cannot do: one MERGE for
 * each micro-batch that changes something.
 *
 * <p>What a micro-batch brings is a matter of the output mode: in update what has changed, in append each window once, when
 * the watermark has passed it, in complete every row there ever was, of which those are merged that the table has otherwise.
 *
 * <p>A row carries {@code as_of}, the time of the micro-batch that wrote its values, and, if the rows belong to windows,
 * {@code final}: the watermark has passed the window, so no event will change it any more. A window that gets no more
 * events becomes final with the micro-batch that passes it, in the same MERGE: a clause for rows the source does not have
 * would make Delta read the whole table, and an UPDATE of its own would rewrite the same files twice.
 */
final class MergeSink implements Sink {

  private static final int MAX_ATTEMPTS = 5;
  private static final long FIRST_PAUSE_MS = 200;
  /** Up to here rows are taken to the driver, once: what follows needs no further pass, and a MERGE no copy of its source. */
  private static final int MAX_LOCAL_ROWS = 20_000;

  private static final String APP_ID = "spark.databricks.delta.write.txnAppId";
  private static final String VERSION = "spark.databricks.delta.write.txnVersion";
  private static final String METADATA = "spark.databricks.delta.commitInfo.userMetadata";
  private static final String MATERIALIZE = "spark.databricks.delta.merge.materializeSource";

  private final AppendTable table;
  private final MergeRows merge;
  private final String checkpointLocation;
  private final OutputMode mode;
  private final ConflictRetry retry = new ConflictRetry(MAX_ATTEMPTS, FIRST_PAUSE_MS);
  private CountsLog countsLog;

  MergeSink(
      AppendTable table, List<String> keys, Optional<String> windowEnd, String checkpointLocation, OutputMode mode) {
    this.table = table;
    this.merge = new MergeRows(keys, windowEnd);
    this.checkpointLocation = checkpointLocation;
    this.mode = mode;
  }

  @Override
  public void addBatch(long batchId, Dataset<Row> data) {
    MicroBatch batch = new MicroBatch(batchId, data);
    merge.check(data.schema());
    SourceOffsets offsets = SourceOffsets.of(batch, checkpointLocation);
    RDD<InternalRow> rows = batch.rows().toJavaRDD().map(InternalRow::copy).rdd().persist(StorageLevel.MEMORY_AND_DISK());
    try {
      // Reads all of it, whatever follows: each partition of the state must be written.
      FewRows few = FewRows.of(rows, MAX_LOCAL_ROWS);
      long late = batch.droppedByWatermark();
      Dataset<Row> values = few.areAll()
          ? LocalRows.evaluated(merge.stamped(batch.asBatch(few.rows(), data.schema()), batch))
          : merge.stamped(batch.asBatch(rows, data.schema()), batch);
      merge(batch, values, offsets);
      writeCounts(batch, offsets, late, few.count());
    } finally {
      rows.unpersist(false);
    }
  }

  private void merge(MicroBatch batch, Dataset<Row> values, SourceOffsets offsets) {
    merge.checkUnique(values);
    table.fit(batch.session(), values.schema());
    Dataset<Row> source = toMerge(values, batch);
    if (!source.isEmpty()) {
      Column matching = merge.matching(source);
      retry.run(() -> commit(batch, source, matching, offsets), () -> { });
    }
  }

  private Dataset<Row> toMerge(Dataset<Row> values, MicroBatch batch) {
    if (mode.equals(OutputMode.Append())) {
      return values;
    }
    if (mode.equals(OutputMode.Complete())) {
      return LocalRows.ifFew(merge.changed(table.path(), values), MAX_LOCAL_ROWS);
    }
    return merge.becomeFinal(table.path(), values, batch)
        .map(others -> merge.together(values, LocalRows.ifFew(others, MAX_LOCAL_ROWS)))
        .orElse(values);
  }

  private Void commit(MicroBatch batch, Dataset<Row> source, Column matching, SourceOffsets offsets) {
    SparkSession session = batch.session();
    Map<String, String> settings = settings(batch, source, offsets);
    try {
      settings.forEach(session.conf()::set);
      DeltaTable.forPath(session, table.path()).as(MergeRows.TARGET)
          .merge(source.as(MergeRows.SOURCE), matching)
          .whenMatched().updateAll()
          .whenNotMatched().insertAll()
          .execute();
    } finally {
      settings.keySet().forEach(session.conf()::unset);
    }
    return null;
  }

  /** A MERGE takes its transaction id from the session, which is the query's own. */
  private static Map<String, String> settings(MicroBatch batch, Dataset<Row> source, SourceOffsets offsets) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(APP_ID, batch.queryId());
    settings.put(VERSION, Long.toString(batch.id()));
    settings.put(METADATA, batch.metadata(offsets));
    if (source.isLocal()) {
      // Delta would copy it, as it copies every source that is no Delta table.
      settings.put(MATERIALIZE, "none");
    }
    return settings;
  }

  private void writeCounts(MicroBatch batch, SourceOffsets offsets, long late, long updated) {
    if (countsLog == null) {
      countsLog = new CountsLog(checkpointLocation, batch.hadoopConf());
    }
    ObjectNode facts = new ObjectMapper().createObjectNode().put("mode", mode.toString().toLowerCase(Locale.ROOT));
    facts.set("offsets", offsets.json());
    facts.put("watermark", batch.watermarkMs() == 0 ? null : CountsLog.time(batch.watermarkMs()));
    Map<String, Long> counts = new LinkedHashMap<>();
    counts.put("late", late);
    counts.put("updated", updated);
    countsLog.write(batch.queryId(), batch.id(), batch.timestampMs(), facts, counts);
  }

  /** Shown as the sink in the progress of the query. */
  @Override
  public String toString() {
    return MergeSinkProvider.FORMAT + "[" + table.path() + "]";
  }
}
