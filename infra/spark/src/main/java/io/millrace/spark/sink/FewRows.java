package io.millrace.spark.sink;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * How many rows there are and, if they are few, the rows: found by one job that reads all of them.
 *
 * @param rows copies; none if there are more than were asked for
 */
record FewRows(long count, List<InternalRow> rows) implements Serializable {

  static FewRows of(RDD<InternalRow> rdd, int most) {
    List<FewRows> partitions =
        rdd.toJavaRDD().mapPartitions(rows -> List.of(inOnePartition(rows, most)).iterator()).collect();
    List<InternalRow> rows = new ArrayList<>();
    long count = 0;
    for (FewRows partition : partitions) {
      count += partition.count();
      rows.addAll(partition.rows());
    }
    return new FewRows(count, count > most ? List.of() : rows);
  }

  boolean areAll() {
    return rows.size() == count;
  }

  private static FewRows inOnePartition(Iterator<InternalRow> all, int most) {
    List<InternalRow> first = new ArrayList<>();
    long count = 0;
    while (all.hasNext()) {
      InternalRow row = all.next();
      count++;
      if (count <= most) {
        first.add(row.copy());
      }
    }
    return new FewRows(count, first);
  }
}
