package io.millrace.spark.event;

import org.apache.spark.sql.catalyst.InternalRow;

/** Whether an event breaks a rule. A field that is null breaks only rules about nulls. */
@FunctionalInterface
interface ContractCheck {

  /** @param nowMicros when the event was read, in microseconds since the epoch */
  boolean isBroken(InternalRow event, long nowMicros);
}
