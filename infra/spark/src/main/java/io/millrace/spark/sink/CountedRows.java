package io.millrace.spark.sink;

import java.util.List;
import java.util.OptionalLong;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** The rows of a micro-batch of events, counted by kind in whatever pass reads them first. */
final class CountedRows implements AutoCloseable {

  /**
   * What came out of the source in the first whole pass, and what the last one made of it.
   *
   * @param received messages that came out of the source, if the query observes them
   */
  record Counts(long rowsRead, OptionalLong received, long stored, long rejected, long beyondHorizon) {}

  /** Spark's metrics sum up what further passes read again, so they are taken after the first one. */
  private record Source(long rowsRead, OptionalLong received) {}

  private static final String OBSERVATION = "contract";
  private static final String RECEIVED = "received";

  private final MicroBatch batch;
  private EventColumns columns;
  private PartitionCounts byPartition;
  private RDD<InternalRow> rows;
  private Dataset<Row> dataset;
  private boolean kept;
  private Source source;

  CountedRows(MicroBatch batch, EventColumns columns) {
    this.batch = batch;
    readWith(columns);
  }

  private void readWith(EventColumns wanted) {
    columns = wanted;
    byPartition = new PartitionCounts();
    batch.session().sparkContext().register(byPartition);
    rows = batch.rows().toJavaRDD().mapPartitionsWithIndex(new CountingRows(byPartition, columns), true).rdd();
    dataset = batch.asBatch(rows, columns.schema());
  }

  /** As the table stores them, without a look into it. */
  Dataset<Row> toStore() {
    return kept
        ? columns.toStore(dataset)
        : batch.asBatch(rows.toJavaRDD().mapPartitions(new RowsToStore(columns), true).rdd(), columns.schemaToStore());
  }

  StructType schemaOfRejects() {
    return columns.toReject(dataset).schema();
  }

  Dataset<Row> toReject() {
    return columns.toReject(further());
  }

  /** Those beyond the horizon that the table does not have. */
  Dataset<Row> toStoreIfNotIn(String table) {
    return columns.notIn(table, columns.toCheck(further()));
  }

  /**
   * Whether events were read that have fields which the table has no column for and may get one. Then the rows must be read
   * again, and this time they have the columns.
   */
  boolean takesUpFreshFields() {
    TextColumns wider = columns.texts().with(byPartition.freshFields());
    if (wider.size() == columns.texts().size()) {
      return false;
    }
    boolean wasKept = kept;
    counts();
    close();
    readWith(columns.with(wider));
    if (wasKept) {
      keep();
    }
    return true;
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
  private Dataset<Row> further() {
    if (wereSetAside()) {
      return batch.asBatch(byPartition.aside(), columns.schema());
    }
    keep();
    return dataset;
  }

  boolean wereSetAside() {
    return byPartition.aside().size() == counts().rejected() + counts().beyondHorizon();
  }

  /** Makes a pass if there was none. */
  Counts counts() {
    if (byPartition.partitionsRead() < rows.getNumPartitions()) {
      dataset.count();
    }
    if (source == null) {
      source = new Source(batch.rowsRead(), batch.observed(OBSERVATION, RECEIVED));
    }
    return new Counts(
        source.rowsRead(),
        source.received(),
        byPartition.sum(PartitionCounts.Rows::stored),
        byPartition.sum(PartitionCounts.Rows::rejected),
        byPartition.sum(PartitionCounts.Rows::beyondHorizon));
  }

  /** How many fields of events have no column and get none. */
  long fieldsLeftOut() {
    return byPartition.sum(partition -> partition.unstored().leftOut());
  }

  List<String> namesLeftOut() {
    return byPartition.leftOutExamples();
  }

  @Override
  public void close() {
    if (kept) {
      kept = false;
      dataset.unpersist();
    }
  }
}
