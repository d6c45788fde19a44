package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.millrace.spark.sink.LocalRows.Limits;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** What rows are merged: columns, keys and the limits of what they can touch in the table. */
final class MergeRows {

  static final String AS_OF = "as_of";
  static final String FINAL = "final";
  static final String TARGET = "target";
  static final String SOURCE = "source";

  private final List<String> keys;
  private final Optional<String> windowEnd;

  MergeRows(List<String> keys, Optional<String> windowEnd) {
    this.keys = keys;
    this.windowEnd = windowEnd;
  }

  /** @throws IllegalArgumentException if a column is missing, or bears the name of one that is added */
  void check(StructType schema) {
    List<String> given = Arrays.asList(schema.fieldNames());
    List<String> missing = new ArrayList<>(keys);
    windowEnd.ifPresent(missing::add);
    missing.removeAll(given);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("The rows for the streaming sink '" + MergeSinkProvider.FORMAT
          + "' lack the columns " + String.join(", ", missing));
    }
    for (String added : List.of(AS_OF, FINAL)) {
      if (given.contains(added)) {
        throw new IllegalArgumentException(
            "The streaming sink '" + MergeSinkProvider.FORMAT + "' adds the column " + added + " itself");
      }
    }
  }

  /** With the columns that say how far the row can be relied on. */
  Dataset<Row> stamped(Dataset<Row> rows, MicroBatch batch) {
    Dataset<Row> stamped = rows.withColumn(AS_OF, lit(new Timestamp(batch.timestampMs())));
    return windowEnd
        .map(end -> stamped.withColumn(FINAL, coalesce(col(end).leq(new Timestamp(batch.watermarkMs())), lit(false))))
        .orElse(stamped);
  }

  /** @throws IllegalStateException if two rows have the same key: which of them to keep is nobody's to guess */
  void checkUnique(Dataset<Row> rows) {
    LocalRows.of(rows, keys).map(LocalRows::repeatedKey).orElseGet(() -> repeatedKey(rows)).ifPresent(repeated -> {
      List<String> key = new ArrayList<>();
      for (int index = 0; index < keys.size(); index++) {
        key.add(keys.get(index) + "=" + repeated.get(index));
      }
      throw new IllegalStateException("Several rows of one micro-batch have the key " + String.join(", ", key)
          + ": the option 'keys' of '" + MergeSinkProvider.FORMAT + "' must name every column that the query groups by");
    });
  }

  private Optional<List<Object>> repeatedKey(Dataset<Row> rows) {
    Column[] columns = keys.stream().map(functions::col).toArray(Column[]::new);
    return rows.groupBy(columns).count().where(col("count").gt(1)).select(columns).takeAsList(1).stream()
        .map(row -> CollectionConverters.asJava(row.toSeq())).findFirst();
  }

  /**
   * Rows of the table whose window the watermark has passed with this micro-batch, as they are if it brings no new values
   * for them: nothing changes in them but that they are final. Those that the previous watermark had passed are final
   * already, so few files are read, however long the table grows.
   */
  Optional<Dataset<Row>> becomeFinal(String table, Dataset<Row> values, MicroBatch batch) {
    OptionalLong from = batch.previousWatermarkMs();
    if (windowEnd.isEmpty() || batch.watermarkMs() <= from.orElse(0)) {
      return Optional.empty();
    }
    Column end = col(windowEnd.get());
    Column passed = end.leq(new Timestamp(batch.watermarkMs()));
    return Optional.of(values.sparkSession().read().format("delta").load(table)
        .where(from.isPresent() ? passed.and(end.gt(new Timestamp(from.getAsLong()))) : passed)
        .where(col(FINAL).notEqual(true))
        .withColumn(FINAL, lit(true))
        .select(Arrays.stream(values.columns()).map(functions::col).toArray(Column[]::new)));
  }

  /** The new values, and the other rows of the table that become final. */
  Dataset<Row> together(Dataset<Row> values, Dataset<Row> becomeFinal) {
    Optional<LocalRows> others = LocalRows.of(becomeFinal, keys);
    if (others.isPresent() && others.get().rows().isEmpty()) {
      return values;
    }
    Optional<LocalRows> own = LocalRows.of(values, keys);
    return own.isPresent() && others.isPresent()
        ? values.sparkSession().createDataFrame(
            own.get().with(others.get()), values.unionByName(becomeFinal).schema())
        : values.unionByName(becomeFinal.as(TARGET).join(values.as(SOURCE), sameKey(), "left_anti"));
  }

  /**
   * Of all rows that the query has, those that the table has otherwise or not at all. One in which nothing changes but that
   * it is final keeps its time.
   */
  Dataset<Row> changed(String table, Dataset<Row> all) {
    List<String> values = Arrays.stream(all.columns()).filter(name -> !List.of(AS_OF, FINAL).contains(name)).toList();
    // A key may be null, this never is: without it the table has no such row.
    Column isStored = target(AS_OF).isNotNull();
    Column hasSameValues = values.stream().map(MergeRows::isSame).reduce(isStored, Column::and);
    Column isUnchanged = windowEnd.isPresent() ? hasSameValues.and(isSame(FINAL)) : hasSameValues;
    Column[] merged = Arrays.stream(all.columns())
        .map(name -> name.equals(AS_OF)
            ? when(hasSameValues, target(AS_OF)).otherwise(source(AS_OF)).as(AS_OF)
            : source(name).as(name))
        .toArray(Column[]::new);
    Dataset<Row> stored = all.sparkSession().read().format("delta").load(table);
    return all.as(SOURCE).join(stored.as(TARGET), sameKey(), "left_outer").where(not(isUnchanged)).select(merged);
  }

  /**
   * Which row of the table is the same as which of these. Limits of the keys as literals follow from their equality; with
   * them Delta leaves files and partitions alone that cannot hold such a key.
   */
  Column matching(Dataset<Row> rows) {
    Map<String, Limits> limits = LocalRows.of(rows, keys).map(LocalRows::limits).orElseGet(() -> limits(rows));
    Column matching = sameKey();
    for (var limit : limits.entrySet()) {
      Limits values = limit.getValue();
      matching = matching.and(target(limit.getKey()).between(values.least(), values.greatest()));
    }
    return matching;
  }

  private Map<String, Limits> limits(Dataset<Row> rows) {
    List<String> ordered = keys.stream()
        .filter(key -> rows.schema().apply(key).dataType() instanceof AtomicType).toList();
    List<Column> figures = new ArrayList<>();
    figures.add(count(lit(1)));
    for (String key : ordered) {
      figures.addAll(List.of(count(col(key)), min(col(key)), max(col(key))));
    }
    Row found = rows.select(figures.toArray(Column[]::new)).head();
    Map<String, Limits> limits = new LinkedHashMap<>();
    for (int index = 0; index < ordered.size(); index++) {
      int figure = 1 + 3 * index;
      // A key that may be null has no limits: null is equal to null here.
      if (found.getLong(figure) == found.getLong(0)) {
        limits.put(ordered.get(index), new Limits(found.get(figure + 1), found.get(figure + 2)));
      }
    }
    return limits;
  }

  private Column sameKey() {
    return keys.stream().map(MergeRows::isSame).reduce(Column::and).orElseThrow();
  }

  private static Column isSame(String column) {
    return target(column).eqNullSafe(source(column));
  }

  private static Column source(String column) {
    return col(SOURCE + ".`" + column + "`");
  }

  private static Column target(String column) {
    return col(TARGET + ".`" + column + "`");
  }
}
