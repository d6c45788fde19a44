package io.millrace.spark.sink;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.to_date;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which rows and columns of a micro-batch of events go where. Columns beginning with an underscore are ours, not the table's.
 */
final class EventColumns {

  static final String REJECT_REASON = "_reject_reason";
  static final String BEYOND_HORIZON = "_beyond_horizon";
  static final String REJECT_DATE = "reject_date";

  private static final String OTHER_FIELDS = "_other_fields";
  private static final String OURS = "_";
  private static final String TURN = "_turn";
  private static final Map<String, DataType> NEEDED = needed();

  private final StructType ofQuery;
  private final TextColumns texts;
  private final StructType schema;
  private final String keyColumn;
  private final String dateColumn;

  private EventColumns(StructType ofQuery, TextColumns texts, String keyColumn, String dateColumn) {
    this.ofQuery = ofQuery;
    this.texts = texts;
    this.schema = texts.appendTo(ofQuery);
    this.keyColumn = keyColumn;
    this.dateColumn = dateColumn;
  }

  /** @throws IllegalArgumentException if a column is missing, or one of ours has another type */
  static EventColumns of(StructType schema, String keyColumn, String dateColumn) {
    List<String> names = Arrays.asList(schema.fieldNames());
    List<String> missing = new ArrayList<>(NEEDED.keySet());
    missing.addAll(List.of(keyColumn, dateColumn));
    missing.removeAll(names);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException("The rows for the streaming sink '" + EventsSinkProvider.FORMAT
          + "' lack the columns " + String.join(", ", missing));
    }
    NEEDED.forEach((name, type) -> {
      DataType given = schema.apply(name).dataType();
      if (!given.equals(type)) {
        throw new IllegalArgumentException("The column " + name + " for the streaming sink '" + EventsSinkProvider.FORMAT
            + "' is " + given.sql() + ", expected " + type.sql());
      }
    });
    return new EventColumns(schema, TextColumns.NONE, keyColumn, dateColumn);
  }

  /** With these behind the columns of the query. */
  EventColumns with(TextColumns wider) {
    return new EventColumns(ofQuery, wider, keyColumn, dateColumn);
  }

  TextColumns texts() {
    return texts;
  }

  StructType schema() {
    return schema;
  }

  int reasonOrdinal() {
    return schema.fieldIndex(REJECT_REASON);
  }

  int beyondOrdinal() {
    return schema.fieldIndex(BEYOND_HORIZON);
  }

  int otherFieldsOrdinal() {
    return schema.fieldIndex(OTHER_FIELDS);
  }

  /** Of the table, in its order. */
  StructType schemaToStore() {
    return new StructType(ordinalsToStore().mapToObj(at -> schema.apply(at)).toArray(StructField[]::new));
  }

  IntStream ordinalsToStore() {
    String[] names = schema.fieldNames();
    return IntStream.range(0, names.length).filter(at -> !names[at].startsWith(OURS));
  }

  /** Events to store without a look into the table, as it stores them. */
  Dataset<Row> toStore(Dataset<Row> rows) {
    return rows.where(kept().and(not(beyond()))).select(ofTable());
  }

  /** One copy, the first one received, of each event that is beyond the horizon, as the table stores it. */
  Dataset<Row> toCheck(Dataset<Row> rows) {
    return rows.where(kept().and(beyond()))
        .withColumn(TURN, row_number().over(
            Window.partitionBy(col(keyColumn)).orderBy(col("_topic"), col("_partition"), col("_offset"))))
        .where(col(TURN).equalTo(1))
        .select(ofTable());
  }

  /** As the table of rejects stores them. */
  Dataset<Row> toReject(Dataset<Row> rows) {
    return rows.where(not(kept())).select(
        col(REJECT_REASON).as("reason"),
        col("_topic").as("topic"),
        col("_partition").as("partition"),
        col("_offset").as("offset"),
        col("_timestamp").as("timestamp"),
        col("_key").as("key"),
        col("_value").as("value"),
        col("_ingested_at").as("rejected_at"),
        to_date(col("_ingested_at")).as(REJECT_DATE));
  }

  /**
   * The rows of the table that have no equal in it yet, by key and date. Dates are literals, so that of a table that is
   * partitioned by them only those partitions are read.
   */
  Dataset<Row> notIn(String table, Dataset<Row> toCheck) {
    Object[] dates = toCheck.select(dateColumn).distinct().collectAsList().stream().map(row -> row.get(0)).toArray();
    return toCheck.join(stored(toCheck, table, dates),
        CollectionConverters.asScala(List.of(keyColumn, dateColumn)).toSeq(), "left_anti");
  }

  private Dataset<Row> stored(Dataset<Row> toCheck, String table, Object[] dates) {
    return toCheck.sparkSession().read().format("delta").load(table)
        .where(col(dateColumn).isin(dates))
        .select(keyColumn, dateColumn);
  }

  private Column[] ofTable() {
    return Arrays.stream(schemaToStore().fieldNames()).map(name -> col(quoted(name))).toArray(Column[]::new);
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  private static Column kept() {
    return col(REJECT_REASON).isNull();
  }

  private static Column beyond() {
    return coalesce(col(BEYOND_HORIZON), lit(false));
  }

  private static Map<String, DataType> needed() {
    Map<String, DataType> needed = new LinkedHashMap<>();
    needed.put(REJECT_REASON, DataTypes.StringType);
    needed.put(BEYOND_HORIZON, DataTypes.BooleanType);
    needed.put("_topic", DataTypes.StringType);
    needed.put("_partition", DataTypes.IntegerType);
    needed.put("_offset", DataTypes.LongType);
    needed.put("_timestamp", DataTypes.TimestampType);
    needed.put("_key", DataTypes.BinaryType);
    needed.put("_value", DataTypes.BinaryType);
    needed.put("_ingested_at", DataTypes.TimestampType);
    needed.put(OTHER_FIELDS, DataTypes.StringType);
    return needed;
  }
}
