package io.millrace.spark.event;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Where the fields of events are in their rows. */
final class EventFields {

  private final StructType schema;

  EventFields(StructType schema) {
    this.schema = schema;
  }

  /** @throws IllegalArgumentException if there is no such field */
  int at(String field) {
    return schema.fieldIndex(field);
  }

  /** @throws IllegalArgumentException if there is no such field, or one of another type */
  int at(String field, DataType type) {
    int at = at(field);
    if (!schema.apply(at).dataType().equals(type)) {
      throw new IllegalArgumentException("the field " + field + " of events is not of type " + type.sql());
    }
    return at;
  }

  /** Of a field that is not null. */
  ToDoubleFunction<InternalRow> number(String field) {
    int at = at(field);
    DataType type = schema.apply(at).dataType();
    if (type.equals(DataTypes.IntegerType)) {
      return event -> event.getInt(at);
    }
    if (type.equals(DataTypes.DoubleType)) {
      return event -> event.getDouble(at);
    }
    throw new IllegalArgumentException("the field " + field + " of events is no number");
  }

  /** False where the field is null. */
  Predicate<InternalRow> hasOneOf(String field, List<String> values) {
    int at = at(field, DataTypes.StringType);
    Set<UTF8String> known = values.stream().map(UTF8String::fromString).collect(Collectors.toSet());
    return event -> !event.isNullAt(at) && known.contains(event.getUTF8String(at));
  }
}
