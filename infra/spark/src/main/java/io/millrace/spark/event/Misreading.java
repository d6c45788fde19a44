package io.millrace.spark.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.unsafe.types.UTF8String;

/** Why a value could not be read as an event: the first field that has a value of another type, or the whole. */
final class Misreading {

  private final List<EventContract.Field> fields;
  private final UTF8String notAnObject;
  private final JsonFactory json = OtherFields.newJsonFactory();

  Misreading(EventContract contract) {
    this.fields = contract.fields();
    this.notAnObject = UTF8String.fromString(contract.notAnObject());
  }

  /** The reason of a value that is no JSON object. */
  UTF8String notAnObject() {
    return notAnObject;
  }

  /** Whether it is a JSON object to its end, with nothing but space around it. */
  boolean isOneObject(String value) {
    try (JsonParser tokens = json.createParser(value)) {
      if (tokens.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      tokens.skipChildren();
      return tokens.nextToken() == null;
    } catch (IOException | RuntimeException malformed) {
      return false;
    }
  }

  /** @param read what could be read, field by field */
  UTF8String reason(Object[] read, String value) {
    Set<String> present = namesWithValue(value);
    for (int at = 0; at < fields.size(); at++) {
      if (read[at] == null && present.contains(fields.get(at).name())) {
        return UTF8String.fromString(fields.get(at).mistyped());
      }
    }
    return notAnObject;
  }

  /** None of what is no JSON object to its end. */
  private Set<String> namesWithValue(String value) {
    Set<String> names = new HashSet<>();
    try (JsonParser event = json.createParser(value)) {
      if (event.nextToken() != JsonToken.START_OBJECT) {
        return Set.of();
      }
      for (String name = event.nextFieldName(); name != null; name = event.nextFieldName()) {
        if (event.nextToken() != JsonToken.VALUE_NULL) {
          names.add(name);
        }
        event.skipChildren();
      }
      return names;
    } catch (IOException | RuntimeException malformed) {
      return Set.of();
    }
  }
}
