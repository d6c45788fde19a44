package io.millrace.spark.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.json.CreateJacksonParser;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.catalyst.json.JacksonParser;
import org.apache.spark.sql.catalyst.util.BadRecordException;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.Iterable;
import scala.collection.immutable.Map$;

/** Values of messages to the rows of {@link EventReader}, those that {@code from_json} gives. */
final class EventParser {

  /** After the fields of the contract: reason, other fields, time. */
  private static final int ADDED = 3;

  private final StructType schema;
  private final PlainEvents plain;
  private final JacksonParser json;
  private final Misreading misreading;
  private final ContractCheck[] checks;
  private final UTF8String[] violations;
  private final OtherFields others;

  /** @param schema of the contract's fields */
  EventParser(EventContract contract, StructType schema, String timeZone) {
    JSONOptions options = new JSONOptions(Map$.MODULE$.empty(), timeZone, "");
    this.schema = schema;
    this.plain = new PlainEvents(schema, options.zoneId());
    this.json = new JacksonParser(schema, options, false, JacksonParser.$lessinit$greater$default$4());
    this.misreading = new Misreading(contract);
    this.checks = contract.checks(schema);
    this.violations = contract.rules().stream()
        .map(rule -> UTF8String.fromString(Objects.requireNonNull(rule.violation())))
        .toArray(UTF8String[]::new);
    this.others = new OtherFields(contract.names());
  }

  InternalRow read(byte[] value, long nowMicros) {
    Object[] row = new Object[schema.length() + ADDED];
    InternalRow event = new GenericInternalRow(row);
    boolean isPlain = plain.read(value, row);
    UTF8String misread = isPlain ? null : readSlowly(value, row);
    UTF8String reason = misread == null ? firstViolation(event, nowMicros) : misread;
    boolean mayHaveOthers = reason == null && (!isPlain || plain.hasOthers());
    row[schema.length()] = reason;
    row[schema.length() + 1] = mayHaveOthers ? others.of(value) : null;
    row[schema.length() + 2] = nowMicros;
    return event;
  }

  private UTF8String firstViolation(InternalRow event, long nowMicros) {
    for (int at = 0; at < checks.length; at++) {
      if (checks[at].isBroken(event, nowMicros)) {
        return violations[at];
      }
    }
    return null;
  }

  /** @return why it is no event, or null */
  private UTF8String readSlowly(byte[] value, Object[] row) {
    String text = new String(value, StandardCharsets.UTF_8);
    // Spark's parser would replace bytes that are no UTF-8, and not look behind the object.
    if (!PlainEvents.isUtf8(value) || !misreading.isOneObject(text)) {
      fill(row, null);
      return misreading.notAnObject();
    }
    try {
      Iterable<InternalRow> rows = json.parse(text, EventParser::tokens, UTF8String::fromString);
      fill(row, rows.isEmpty() ? null : rows.head());
      return rows.isEmpty() ? misreading.reason(row, text) : null;
    } catch (Exception failure) {
      // Scala declares no exceptions, so it cannot be caught by its type.
      if (failure instanceof BadRecordException bad) {
        InternalRow[] partial = bad.partialResults().apply();
        fill(row, partial.length == 0 ? null : partial[0]);
        return misreading.reason(row, text);
      }
      throw failure;
    }
  }

  private static JsonParser tokens(JsonFactory factory, String text) {
    return CreateJacksonParser.string(factory, text);
  }

  private void fill(Object[] row, InternalRow fields) {
    for (int at = 0; at < schema.length(); at++) {
      row[at] = fields == null || fields.isNullAt(at) ? null : fields.get(at, schema.apply(at).dataType());
    }
  }
}
