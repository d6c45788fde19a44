package io.millrace.spark.sink;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.util.CaseInsensitiveMap;
import scala.jdk.javaapi.CollectionConverters;

/** The options of a sink. Names are case-insensitive, as everywhere in Spark. */
final class SinkOptions {

  private static final String TABLE_PROPERTY = "table.";

  private final String format;
  private final Map<String, String> asGiven;
  private final Map<String, String> byLowerCase = new HashMap<>();

  private SinkOptions(String format, Map<String, String> asGiven) {
    this.format = format;
    this.asGiven = asGiven;
    asGiven.forEach((name, value) -> byLowerCase.put(name.toLowerCase(Locale.ROOT), value));
  }

  static SinkOptions of(String format, scala.collection.immutable.Map<String, String> options) {
    // Spark's own map forgets the case of names when it is walked through; table properties need it.
    scala.collection.immutable.Map<String, String> asGiven =
        options instanceof CaseInsensitiveMap<String> map ? map.originalMap() : options;
    return new SinkOptions(format, CollectionConverters.asJava(asGiven));
  }

  /** @throws IllegalArgumentException if the option is missing or empty */
  String required(String name) {
    return optional(name).orElseThrow(() -> new IllegalArgumentException(
        "The streaming sink '" + format + "' needs the option '" + name + "'"));
  }

  Optional<String> optional(String name) {
    return Optional.ofNullable(byLowerCase.get(name.toLowerCase(Locale.ROOT))).map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Of a comma-separated list. */
  List<String> requiredNames(String name) {
    List<String> names =
        Arrays.stream(required(name).split(",")).map(String::strip).filter(one -> !one.isEmpty()).toList();
    if (names.isEmpty()) {
      throw new IllegalArgumentException("The option '" + name + "' of the streaming sink '" + format + "' names no column");
    }
    return names;
  }

  /** What a table is created with: the options {@code table.<property>}. */
  Map<String, String> tableProperties() {
    return asGiven.entrySet().stream()
        .filter(option -> option.getKey().toLowerCase(Locale.ROOT).startsWith(TABLE_PROPERTY))
        .collect(Collectors.toMap(option -> option.getKey().substring(TABLE_PROPERTY.length()), Map.Entry::getValue));
  }
}
