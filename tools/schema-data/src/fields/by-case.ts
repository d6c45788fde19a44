import type { Conditional } from '@millrace/domain';
import { textOf } from './field-value';
import type { FieldContext, FieldValue } from './field-value';

/**
 * What holds for a record: what a case says for the value of an earlier field, or else the general rule.
 * @param prepare makes of a rule what is needed for each record.
 */
export function byCase<Rule, Prepared>(
  general: Rule,
  conditional: Conditional<Rule> | undefined,
  { indexOf }: Pick<FieldContext, 'indexOf'>,
  prepare: (rule: Rule) => Prepared,
): (record: readonly FieldValue[]) => Prepared {
  const usual = prepare(general);
  if (conditional === undefined) return () => usual;
  const index = indexOf(conditional.field);
  const cases = new Map(Object.entries(conditional.cases).map(([value, rule]) => [value, prepare(rule)]));
  return (record) => {
    const value = record[index] ?? null;
    return value === null ? usual : (cases.get(textOf(value)) ?? usual);
  };
}
