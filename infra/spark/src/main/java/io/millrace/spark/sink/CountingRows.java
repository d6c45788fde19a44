package io.millrace.spark.sink;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * Counts the rows of a partition while others read them, sets those aside that are not simply stored, and tells of both when
 * it came to the end. So one pass is enough for all commits of a micro-batch, unless many rows are rejected.
 */
final class CountingRows implements Function2<Integer, Iterator<InternalRow>, Iterator<InternalRow>>, Serializable {

  private static final long serialVersionUID = 1L;

  /** Of one partition. It goes to the driver with the result of the task, which is made for some megabytes. */
  private static final long MAX_ASIDE_BYTES = 1 << 20;

  private final PartitionCounts counts;
  private final int reasonOrdinal;
  private final int beyondOrdinal;

  CountingRows(PartitionCounts counts, int reasonOrdinal, int beyondOrdinal) {
    this.counts = counts;
    this.reasonOrdinal = reasonOrdinal;
    this.beyondOrdinal = beyondOrdinal;
  }

  @Override
  public Iterator<InternalRow> call(Integer partition, Iterator<InternalRow> rows) {
    return new Iterator<>() {
      private long stored;
      private long rejected;
      private long beyondHorizon;
      private final List<InternalRow> aside = new ArrayList<>();
      private long asideBytes;
      private boolean told;

      @Override
      public boolean hasNext() {
        if (rows.hasNext()) {
          return true;
        }
        if (!told) {
          told = true;
          counts.add(new PartitionCounts.Rows(partition, stored, rejected, beyondHorizon, List.copyOf(aside)));
        }
        return false;
      }

      @Override
      public InternalRow next() {
        InternalRow row = rows.next();
        if (!row.isNullAt(reasonOrdinal)) {
          rejected++;
          setAside(row);
        } else if (!row.isNullAt(beyondOrdinal) && row.getBoolean(beyondOrdinal)) {
          beyondHorizon++;
          setAside(row);
        } else {
          stored++;
        }
        return row;
      }

      private void setAside(InternalRow row) {
        asideBytes += row instanceof UnsafeRow binary ? binary.getSizeInBytes() : MAX_ASIDE_BYTES + 1;
        if (asideBytes <= MAX_ASIDE_BYTES) {
          aside.add(row.copy());
        } else {
          aside.clear();
        }
      }
    };
  }
}
