import type { BooleanField, CategoryField } from '@millrace/domain';
import { WeightedValues } from '../cumulative-weights';
import { byCase } from './by-case';
import type { FieldContext, MakeValue } from './field-value';

export function categoryValues({ choices, conditional }: CategoryField, context: FieldContext): MakeValue {
  const { random } = context;
  const choicesOf = byCase(
    choices,
    conditional,
    context,
    (weights) => new WeightedValues(Object.keys(weights), Object.values(weights)),
  );
  return (record) => choicesOf(record).at(random.next());
}

export function booleanValues({ probability, conditional }: BooleanField, context: FieldContext): MakeValue {
  const { random } = context;
  const probabilityOf = byCase(probability, conditional, context, (share) => share);
  return (record) => random.next() < probabilityOf(record);
}
