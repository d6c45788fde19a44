package io.millrace.spark.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.spark.event.OtherFields;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The values that events of one partition have for the text columns, and the names of fields that have no column. */
final class TextFields {

  private static final int IS_NEW = -1;
  private static final int IS_LEFT_OUT = -2;
  /** A producer may send any number of different names. */
  private static final int MOST_REMEMBERED = 1_000;
  private static final int LONGEST_REMEMBERED = 64;
  private static final int MOST_EXAMPLES = 3;
  private static final int MOST_SHOWN = 64;

  /**
   * Fields that are not stored.
   *
   * @param fresh names that may become columns
   * @param leftOut how many fields have a name that cannot, or for which there is no room
   * @param examples some of these names
   */
  record Unstored(List<String> fresh, long leftOut, List<String> examples) implements Serializable {}

  private final TextColumns columns;
  private final JsonFactory json = OtherFields.newJsonFactory();
  private final Map<String, Integer> places = new HashMap<>();
  private final Set<String> fresh = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Set<String> examples = new TreeSet<>();
  private final Object[] values;
  private final InternalRow row;
  private long leftOut;

  TextFields(TextColumns columns) {
    this.columns = columns;
    this.values = new Object[columns.size()];
    this.row = new GenericInternalRow(values);
  }

  /** As JSON has them: a text as it is, everything else as it is written. The row is the same one for all events. */
  InternalRow valuesOf(UTF8String otherFields) {
    clear();
    try (JsonParser fields = json.createParser(otherFields.toString())) {
      fields.nextToken();
      for (String name = fields.nextFieldName(); name != null; name = fields.nextFieldName()) {
        fields.nextToken();
        take(name, fields);
      }
    } catch (IOException | IllegalStateException unreadable) {
      clear();
      leftOut++;
    }
    return row;
  }

  InternalRow noValues() {
    clear();
    return row;
  }

  Unstored unstored() {
    return new Unstored(List.copyOf(fresh), leftOut, List.copyOf(examples));
  }

  private void clear() {
    Arrays.fill(values, null);
  }

  private void take(String name, JsonParser field) throws IOException {
    int place = placeOf(name);
    if (place >= 0) {
      values[place] = text(field);
      return;
    }
    field.skipChildren();
    if (place == IS_LEFT_OUT) {
      leftOut++;
      if (examples.size() < MOST_EXAMPLES) {
        examples.add(forLog(name));
      }
    }
  }

  /** The name is a stranger's. */
  private static String forLog(String name) {
    return name.substring(0, Math.min(name.length(), MOST_SHOWN)).replaceAll("[^A-Za-z0-9_.-]", "?");
  }

  private int placeOf(String name) {
    Integer known = places.get(name);
    if (known != null) {
      return known;
    }
    int place = find(name);
    if (places.size() < MOST_REMEMBERED && name.length() <= LONGEST_REMEMBERED) {
      places.put(name, place);
    }
    return place;
  }

  private int find(String name) {
    int index = columns.indexOf(name);
    if (index >= 0) {
      return index;
    }
    if (columns.mayAdd(name) && (fresh.contains(name) || fresh.size() < columns.room())) {
      fresh.add(name);
      return IS_NEW;
    }
    return IS_LEFT_OUT;
  }

  private UTF8String text(JsonParser field) throws IOException {
    JsonToken token = field.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (!token.isStructStart()) {
      return UTF8String.fromString(field.getText());
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator compact = json.createGenerator(text)) {
      OtherFields.copyValue(field, compact);
    }
    return UTF8String.fromString(text.toString());
  }
}
