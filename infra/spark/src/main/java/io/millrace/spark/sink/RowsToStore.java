package io.millrace.spark.sink;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Of the rows of a partition those that are stored without a look into the table, as it stores them. The same as a filter and a
 * projection, which would copy each row once more.
 */
final class RowsToStore implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {

  private static final long serialVersionUID = 1L;

  private final StructType schema;
  private final Seq<Object> ordinals;
  private final int reasonOrdinal;
  private final int beyondOrdinal;

  RowsToStore(EventColumns columns) {
    this.schema = columns.schemaToStore();
    this.ordinals = CollectionConverters.asScala(columns.ordinalsToStore().<Object>mapToObj(Integer::valueOf).toList()).toSeq();
    this.reasonOrdinal = columns.reasonOrdinal();
    this.beyondOrdinal = columns.beyondOrdinal();
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    ProjectingInternalRow stored = ProjectingInternalRow.apply(schema, ordinals);
    return new Iterator<>() {
      private boolean isAtRow;

      @Override
      public boolean hasNext() {
        while (!isAtRow && rows.hasNext()) {
          InternalRow row = rows.next();
          isAtRow = row.isNullAt(reasonOrdinal) && (row.isNullAt(beyondOrdinal) || !row.getBoolean(beyondOrdinal));
          stored.project(row);
        }
        return isAtRow;
      }

      @Override
      public InternalRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        isAtRow = false;
        return stored;
      }
    };
  }
}
