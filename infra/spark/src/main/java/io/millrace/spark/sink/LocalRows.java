package io.millrace.spark.sink;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Rows on the driver, by their keys: what is asked of them takes no Spark job. */
record LocalRows(List<Row> rows, List<String> keys) {

  /** The least and the greatest value of a key. */
  record Limits(Object least, Object greatest) {}

  /** Empty if the rows are not on the driver. */
  static Optional<LocalRows> of(Dataset<Row> dataset, List<String> keys) {
    return dataset.isLocal() ? Optional.of(new LocalRows(dataset.collectAsList(), keys)) : Optional.empty();
  }

  /** The same rows on the driver if there are no more than so many of them. */
  static Dataset<Row> ifFew(Dataset<Row> dataset, int most) {
    var planned = (org.apache.spark.sql.classic.Dataset<Row>) dataset;
    FewRows few = FewRows.of(planned.queryExecution().toRdd(), most);
    return few.areAll() ? ofPlan(planned, few.rows()) : dataset;
  }

  /** What follows from rows on the driver alone, on the driver. */
  static Dataset<Row> evaluated(Dataset<Row> dataset) {
    return dataset.sparkSession().createDataFrame(dataset.collectAsList(), dataset.schema());
  }

  /** Rows of the columns that a plan gives. */
  static Dataset<Row> ofPlan(org.apache.spark.sql.classic.Dataset<Row> planned, List<InternalRow> rows) {
    return org.apache.spark.sql.classic.Dataset.ofRows(planned.sparkSession(), new LocalRelation(
        planned.queryExecution().analyzed().output(), CollectionConverters.asScala(rows).toSeq(), false, Option.empty()));
  }

  /** A key that several rows have. */
  Optional<List<Object>> repeatedKey() {
    Set<List<Object>> seen = new HashSet<>();
    return rows.stream().map(this::keyOf).filter(key -> !seen.add(key)).findFirst();
  }

  /** These, and of the others those with other keys. */
  List<Row> with(LocalRows others) {
    Set<List<Object>> own = new HashSet<>();
    rows.forEach(row -> own.add(keyOf(row)));
    List<Row> all = new ArrayList<>(rows);
    others.rows.stream().filter(row -> !own.contains(keyOf(row))).forEach(all::add);
    return all;
  }

  /** Of the keys that have an order, and a value in each row. */
  Map<String, Limits> limits() {
    Map<String, Limits> limits = new LinkedHashMap<>();
    for (String key : keys) {
      List<Object> values = new ArrayList<>();
      rows.forEach(row -> values.add(row.getAs(key)));
      if (!values.isEmpty() && values.stream().allMatch(Comparable.class::isInstance)) {
        limits.put(key, new Limits(Collections.min(values, LocalRows::compare), Collections.max(values, LocalRows::compare)));
      }
    }
    return limits;
  }

  /** As Spark orders them: texts by their bytes, where Java goes by UTF-16. */
  @SuppressWarnings("unchecked")
  private static int compare(Object one, Object other) {
    return one instanceof String text
        ? UTF8String.fromString(text).compareTo(UTF8String.fromString((String) other))
        : ((Comparable<Object>) one).compareTo(other);
  }

  private List<Object> keyOf(Row row) {
    List<Object> key = new ArrayList<>();
    keys.forEach(name -> key.add(row.getAs(name)));
    return key;
  }
}
