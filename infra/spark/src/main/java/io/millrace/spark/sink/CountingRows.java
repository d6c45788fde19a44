package io.millrace.spark.sink;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;

/**
 * Counts the rows of a partition while others read them, gives them the values of the text columns, sets those aside that
 * are not simply stored, and tells what it saw when it came to the end. So one pass is enough for all commits of a
 * micro-batch, unless many rows are rejected or a field is new.
 */
final class CountingRows implements Function2<Integer, Iterator<InternalRow>, Iterator<InternalRow>>, Serializable {

  private static final long serialVersionUID = 1L;

  /** Of one partition. It goes to the driver with the result of the task, which is made for some megabytes. */
  private static final long MAX_ASIDE_BYTES = 1 << 20;

  private final PartitionCounts counts;
  private final TextColumns texts;
  private final int reasonOrdinal;
  private final int beyondOrdinal;
  private final int otherFieldsOrdinal;

  CountingRows(PartitionCounts counts, EventColumns columns) {
    this.counts = counts;
    this.texts = columns.texts();
    this.reasonOrdinal = columns.reasonOrdinal();
    this.beyondOrdinal = columns.beyondOrdinal();
    this.otherFieldsOrdinal = columns.otherFieldsOrdinal();
  }

  @Override
  public Iterator<InternalRow> call(Integer partition, Iterator<InternalRow> rows) {
    return new Iterator<>() {
      private long stored;
      private long rejected;
      private long beyondHorizon;
      private final List<InternalRow> aside = new ArrayList<>();
      private long asideBytes;
      private final TextFields fields = new TextFields(texts);
      private final JoinedRow joined = new JoinedRow();
      private boolean told;

      @Override
      public boolean hasNext() {
        if (rows.hasNext()) {
          return true;
        }
        if (!told) {
          told = true;
          counts.add(new PartitionCounts.Rows(
              partition, stored, rejected, beyondHorizon, fields.unstored(), List.copyOf(aside)));
        }
        return false;
      }

      @Override
      public InternalRow next() {
        InternalRow row = rows.next();
        InternalRow whole = withTexts(row);
        if (!row.isNullAt(reasonOrdinal)) {
          rejected++;
          setAside(row, whole);
        } else if (!row.isNullAt(beyondOrdinal) && row.getBoolean(beyondOrdinal)) {
          beyondHorizon++;
          setAside(row, whole);
        } else {
          stored++;
        }
        return whole;
      }

      private InternalRow withTexts(InternalRow row) {
        boolean hasFields = row.isNullAt(reasonOrdinal) && !row.isNullAt(otherFieldsOrdinal);
        InternalRow values = hasFields ? fields.valuesOf(row.getUTF8String(otherFieldsOrdinal)) : fields.noValues();
        return texts.size() == 0 ? row : joined.apply(row, values);
      }

      private void setAside(InternalRow row, InternalRow whole) {
        asideBytes += row instanceof UnsafeRow binary ? binary.getSizeInBytes() : MAX_ASIDE_BYTES + 1;
        if (asideBytes <= MAX_ASIDE_BYTES) {
          aside.add(whole.copy());
        } else {
          aside.clear();
        }
      }
    };
  }
}
