package io.millrace.spark.event;

import java.io.Serializable;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Reads the value of a message as an event and holds it against its contract, all in one go: the fields of the contract as
 * {@code from_json} makes them, then
 *
 * <ul>
 *   <li>{@code _reject_reason}: why it is refused, null where it keeps the contract,
 *   <li>{@code _other_fields}: what {@link OtherFields} finds in an event that is not refused,
 *   <li>{@code _ingested_at}: when it was read.
 * </ul>
 *
 * <p>Public because code that Spark generates calls it.
 */
public final class EventReader implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String contract;
  private final String timeZone;
  private final StructType fields;
  private final StructType schema;
  /** Made where it is used: each task has one of its own. */
  private transient EventParser parser;

  /** @throws IllegalArgumentException if the text is no contract */
  EventReader(String contract, String timeZone) {
    this.contract = contract;
    this.timeZone = timeZone;
    this.fields = EventContract.of(contract).schema();
    this.schema = fields
        .add("_reject_reason", DataTypes.StringType)
        .add("_other_fields", DataTypes.StringType)
        .add("_ingested_at", DataTypes.TimestampType);
  }

  StructType schema() {
    return schema;
  }

  /**
   * @param value not null
   * @param now one element: when it is read
   */
  public InternalRow read(byte[] value, ArrayData now) {
    if (parser == null) {
      parser = new EventParser(EventContract.read(contract), fields, timeZone);
    }
    return parser.read(value, now.getLong(0));
  }

  /** Spark compares plans. */
  @Override
  public boolean equals(Object other) {
    return other instanceof EventReader reader && contract.equals(reader.contract) && timeZone.equals(reader.timeZone);
  }

  @Override
  public int hashCode() {
    return Objects.hash(contract, timeZone);
  }

  /** Shown in plans. */
  @Override
  public String toString() {
    return "contract of " + schema.fieldNames()[0] + "...";
  }
}
