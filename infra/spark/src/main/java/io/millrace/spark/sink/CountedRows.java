package io.millrace.spark.sink;

import java.util.OptionalLong;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.storage.StorageLevel;

/** The rows of a micro-batch of events, counted by kind in whatever pass reads them first. */
final class CountedRows implements AutoCloseable {

  /**
   * What the first whole pass found.
   *
   * @param received messages that came out of the source, if the query observes them
   */
  record Counts(long rowsRead, OptionalLong received, long stored, long rejected, long beyondHorizon) {}

  private static final String OBSERVATION = "contract";
  private static final String RECEIVED = "received";

  private final MicroBatch batch;
  private final PartitionCounts byPartition = new PartitionCounts();
  private final RDD<InternalRow> rows;
  private final Dataset<Row> dataset;
  private boolean kept;
  private Counts counts;

  CountedRows(MicroBatch batch, EventColumns columns) {
    this.batch = batch;
    batch.session().sparkContext().register(byPartition);
    rows = batch.rows().toJavaRDD()
        .mapPartitionsWithIndex(new CountingRows(byPartition, columns.reasonOrdinal(), columns.beyondOrdinal()), true)
        .rdd();
    dataset = batch.asBatch(rows);
  }

  Dataset<Row> dataset() {
    return dataset;
  }

  /** Keeps the rows for further passes, so that the source and the state are read once. */
  void keep() {
    if (!kept) {
      kept = true;
      dataset.persist(StorageLevel.MEMORY_AND_DISK());
    }
  }

  /**
   * The rejected rows and those beyond the horizon, which were set aside in the first pass. If they are too many, all rows,
   * kept now for the further passes.
   */
  Dataset<Row> further() {
    if (wereSetAside()) {
      return batch.asBatch(byPartition.aside());
    }
    keep();
    return dataset;
  }

  boolean wereSetAside() {
    return byPartition.aside().size() == counts().rejected() + counts().beyondHorizon();
  }

  /** Of the first whole pass; makes one if there was none. */
  Counts counts() {
    if (counts == null) {
      if (byPartition.partitionsRead() < rows.getNumPartitions()) {
        dataset.count();
      }
      counts = new Counts(
          batch.rowsRead(),
          batch.observed(OBSERVATION, RECEIVED),
          byPartition.sum(PartitionCounts.Rows::stored),
          byPartition.sum(PartitionCounts.Rows::rejected),
          byPartition.sum(PartitionCounts.Rows::beyondHorizon));
    }
    return counts;
  }

  @Override
  public void close() {
    if (kept) {
      dataset.unpersist();
    }
  }
}
