import type { ConcatField, ConstantField, LookupField } from '@millrace/domain';
import { textOf } from './field-value';
import type { FieldContext, MakeValue } from './field-value';

export const constantValues =
  ({ value }: ConstantField): MakeValue =>
  () =>
    value;

export function concatValues({ fields, separator }: ConcatField, { indexOf }: FieldContext): MakeValue {
  const [first = 0, ...others] = fields.map(indexOf);
  return (record) => {
    let text = textOf(record[first] ?? null);
    for (const index of others) text += separator + textOf(record[index] ?? null);
    return text;
  };
}

export function lookupValues(field: LookupField, { indexOf }: FieldContext): MakeValue {
  const index = indexOf(field.field);
  const map = new Map(Object.entries(field.map));
  return (record) => {
    const value = record[index] ?? null;
    return value === null ? field.default : (map.get(textOf(value)) ?? field.default);
  };
}
