package io.millrace.spark.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.util.SparkDateTimeUtils$;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/**
 * Reads events in which every field has the JSON type of its column, or null: nearly all there are. Spark's own parser reads
 * those to the same values, and takes three times as long, for all the cases that are left to it here.
 */
final class PlainEvents {

  /** What a value is read to that Spark's parser has to look at. */
  private static final Object NOT_PLAIN = new Object();

  private interface ValueReader {
    Object read(JsonParser value, JsonToken token) throws IOException;
  }

  private final JsonFactory json = OtherFields.newJsonFactory();
  private final Map<String, Integer> places = new HashMap<>();
  private final ValueReader[] readers;
  private boolean hasOthers;

  PlainEvents(StructType schema, ZoneId timeZone) {
    this.readers = new ValueReader[schema.length()];
    for (int at = 0; at < readers.length; at++) {
      places.put(schema.apply(at).name(), at);
      readers[at] = readerOf(schema.apply(at).dataType(), timeZone);
    }
  }

  /**
   * @param fields takes the values, in the order of the schema; of no use afterwards if the event is not plain
   * @return whether it is
   */
  boolean read(byte[] event, Object[] fields) {
    hasOthers = false;
    if (!isUtf8Object(event)) {
      return false;
    }
    try (JsonParser tokens = json.createParser(event)) {
      tokens.nextToken();
      for (String name = tokens.nextFieldName(); name != null; name = tokens.nextFieldName()) {
        if (!readValue(name, tokens, fields)) {
          return false;
        }
      }
      return tokens.nextToken() == null;
    } catch (IOException | RuntimeException malformed) {
      return false;
    }
  }

  /** Whether the event that was read last has fields that are not in the schema. */
  boolean hasOthers() {
    return hasOthers;
  }

  private boolean readValue(String name, JsonParser tokens, Object[] fields) throws IOException {
    JsonToken token = tokens.nextToken();
    Integer place = places.get(name);
    if (place == null) {
      hasOthers = true;
      tokens.skipChildren();
      return true;
    }
    Object value = token == JsonToken.VALUE_NULL ? null : readers[place].read(tokens, token);
    fields[place] = value;
    return value != NOT_PLAIN;
  }

  /** As anything else, Jackson might take the bytes for UTF-16 or skip a mark of their order. */
  private static boolean isUtf8Object(byte[] event) {
    return event.length > 1 && event[0] == '{' && event[1] != 0 && isUtf8(event);
  }

  /** Jackson takes forms that are none: characters written longer than needed, halves of characters. */
  static boolean isUtf8(byte[] event) {
    return isAscii(event) || UTF8String.fromBytes(event).isValid();
  }

  private static boolean isAscii(byte[] event) {
    for (byte one : event) {
      if (one < 0) {
        return false;
      }
    }
    return true;
  }

  private static ValueReader readerOf(DataType type, ZoneId timeZone) {
    if (type instanceof StringType) {
      return (value, token) -> token == JsonToken.VALUE_STRING ? UTF8String.fromString(value.getText()) : NOT_PLAIN;
    }
    if (type instanceof DoubleType) {
      return (value, token) -> token.isNumeric() ? (Object) value.getDoubleValue() : NOT_PLAIN;
    }
    if (type instanceof IntegerType) {
      return (value, token) -> token == JsonToken.VALUE_NUMBER_INT ? (Object) value.getIntValue() : NOT_PLAIN;
    }
    if (type instanceof BooleanType) {
      return (value, token) -> token.isBoolean() ? (Object) value.getBooleanValue() : NOT_PLAIN;
    }
    if (type instanceof TimestampType) {
      return (value, token) -> token == JsonToken.VALUE_STRING ? timestamp(value.getText(), timeZone) : NOT_PLAIN;
    }
    return (value, token) -> NOT_PLAIN;
  }

  private static Object timestamp(String text, ZoneId timeZone) {
    Option<Object> micros = SparkDateTimeUtils$.MODULE$.stringToTimestamp(UTF8String.fromString(text), timeZone);
    return micros.isEmpty() ? NOT_PLAIN : micros.get();
  }
}
