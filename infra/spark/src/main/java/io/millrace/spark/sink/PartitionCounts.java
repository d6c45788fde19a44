package io.millrace.spark.sink;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.AccumulatorV2;

/**
 * How many rows of each kind each partition of a micro-batch has, and those few that are not simply stored.
 *
 * <p>Kept by partition, so that a partition read twice (a second pass, a task done again for a lost shuffle file) replaces
 * its counts instead of adding to them; Spark's own metrics would be wrong then.
 */
final class PartitionCounts extends AccumulatorV2<PartitionCounts.Rows, Map<Integer, PartitionCounts.Rows>> {

  private static final long serialVersionUID = 1L;

  /**
   * What was counted in one partition, read to its end.
   *
   * @param unstored fields of events that have no column
   * @param aside copies of the rejected rows and those beyond the horizon; empty if they are too large to be carried about
   */
  record Rows(
      int partition, long stored, long rejected, long beyondHorizon, TextFields.Unstored unstored, List<InternalRow> aside)
      implements Serializable {}

  private final ConcurrentHashMap<Integer, Rows> byPartition = new ConcurrentHashMap<>();

  long sum(ToLongFunction<Rows> kind) {
    return byPartition.values().stream().mapToLong(kind).sum();
  }

  /** Of all partitions, in their order. */
  List<InternalRow> aside() {
    return list(Rows::aside);
  }

  /** Names of fields that may become columns. */
  List<String> freshFields() {
    return list(rows -> rows.unstored().fresh());
  }

  /** Names of fields that are left out, some of them. */
  List<String> leftOutExamples() {
    return list(rows -> rows.unstored().examples());
  }

  private <T> List<T> list(Function<Rows, List<T>> part) {
    return byPartition.entrySet().stream().sorted(Map.Entry.comparingByKey())
        .flatMap(partition -> part.apply(partition.getValue()).stream()).toList();
  }

  int partitionsRead() {
    return byPartition.size();
  }

  @Override
  public boolean isZero() {
    return byPartition.isEmpty();
  }

  @Override
  public PartitionCounts copy() {
    PartitionCounts copy = new PartitionCounts();
    copy.byPartition.putAll(byPartition);
    return copy;
  }

  @Override
  public void reset() {
    byPartition.clear();
  }

  @Override
  public void add(Rows rows) {
    byPartition.put(rows.partition(), rows);
  }

  @Override
  public void merge(AccumulatorV2<Rows, Map<Integer, Rows>> other) {
    byPartition.putAll(other.value());
  }

  @Override
  public Map<Integer, Rows> value() {
    return Map.copyOf(byPartition);
  }
}
