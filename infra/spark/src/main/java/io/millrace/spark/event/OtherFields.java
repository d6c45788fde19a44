package io.millrace.spark.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.Map$;

/**
 * The fields of an event, a JSON object, whose names are not known: an object of its own, as text. Most events have none,
 * and then nothing is made but a walk over the names.
 */
public final class OtherFields {

  private final HashSet<String> known;
  /** Remembers names that it has met: strangers' names, to be forgotten with the task. */
  private final JsonFactory json = newJsonFactory();

  OtherFields(Collection<String> known) {
    this.known = new HashSet<>(known);
  }

  /** As {@code from_json} reads, which has read the event before: single quotes and NaN are no errors. */
  public static JsonFactory newJsonFactory() {
    return new JSONOptions(Map$.MODULE$.empty(), "UTC", "").buildJsonFactory();
  }

  /** @return null if there are none, and if it is no JSON object */
  UTF8String of(byte[] event) {
    try {
      return others(json.createParser(event));
    } catch (IOException | RuntimeException malformed) {
      return ofText(event);
    }
  }

  /** As {@code from_json} reads: Jackson limits the length of a name, here in characters, there in bytes. */
  private UTF8String ofText(byte[] event) {
    try {
      return others(json.createParser(new String(event, StandardCharsets.UTF_8)));
    } catch (IOException | RuntimeException noJson) {
      return null;
    }
  }

  private UTF8String others(JsonParser event) throws IOException {
    try (event) {
      if (event.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      for (String name = event.nextFieldName(); name != null; name = event.nextFieldName()) {
        if (!known.contains(name)) {
          return othersFromHere(event);
        }
        event.nextToken();
        event.skipChildren();
      }
      return null;
    }
  }

  private UTF8String othersFromHere(JsonParser event) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator others = json.createGenerator(text)) {
      others.writeStartObject();
      for (String name = event.currentName(); name != null; name = event.nextFieldName()) {
        event.nextToken();
        if (known.contains(name)) {
          event.skipChildren();
        } else {
          others.writeFieldName(name);
          copyValue(event, others);
        }
      }
      others.writeEndObject();
    }
    return UTF8String.fromString(text.toString());
  }

  /** Numbers digit by digit: {@code copyCurrentStructure} would round them. */
  public static void copyValue(JsonParser from, JsonGenerator to) throws IOException {
    int depth = 0;
    do {
      JsonToken token = from.currentToken();
      if (token.isNumeric()) {
        to.writeNumber(from.getText());
      } else {
        to.copyCurrentEvent(from);
      }
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      }
    } while (depth > 0 && from.nextToken() != null);
  }
}
