import { NOT_AN_OBJECT, violationOf, wrongType } from '@millrace/domain';
import type { Column as EventColumn, ContractRule } from '@millrace/domain';
import { array, call_function, current_timestamp, lit } from 'spark-connect-js/functions';
import type { Column } from 'spark-connect-js';

/** Function of `infra/spark`, `EventFunction`: reads a value as an event and holds it against its contract, in one go. */
const EXAMINE = 'millrace_event';

/** Why an event is refused; null where it keeps the contract. */
export const REJECT_REASON = '_reject_reason';

/** Fields of an event that have no column, as a JSON object; null where there are none. */
export const OTHER_FIELDS = '_other_fields';

/** When the value was read: the time of its micro-batch. */
export const INGESTED_AT = '_ingested_at';

/**
 * A struct: the event's columns as `from_json` makes them, {@link REJECT_REASON}, {@link OTHER_FIELDS} and {@link INGESTED_AT}.
 * @param value Bytes; null is no event.
 * @param rules In the order in which they are looked at; the first that is broken is the reason.
 */
export function examinedEvent(
  value: Column,
  columns: readonly EventColumn[],
  rules: readonly ContractRule[],
): Column {
  const contract = {
    fields: columns.map(({ name, type }) => ({ name, type, mistyped: wrongType(name, type) })),
    notAnObject: NOT_AN_OBJECT,
    rules: rules.map((rule) => ({ ...rule, violation: violationOf(rule) })),
  };
  return call_function(EXAMINE, value, array(current_timestamp()), lit(JSON.stringify(contract)));
}
