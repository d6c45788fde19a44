import type { DatasetField } from '@millrace/domain';
import { booleanValues, categoryValues } from './choice-values';
import { datetimeValues } from './datetime-values';
import { concatValues, constantValues, lookupValues } from './derived-values';
import type { FieldContext, MakeValue } from './field-value';
import { geoValues } from './geo-values';
import { patternValues, sequenceValues, uuidValues } from './identifier-values';
import { floatValues, intValues } from './number-values';

type Maker<T> = (
  field: Extract<DatasetField, { readonly type: T }>,
  context: FieldContext,
  index: number,
) => MakeValue;

const MAKERS: { readonly [T in DatasetField['type']]: Maker<T> } = {
  uuid: (_, context) => uuidValues(context),
  sequence: sequenceValues,
  int: intValues,
  float: floatValues,
  category: categoryValues,
  datetime: datetimeValues,
  boolean: booleanValues,
  latitude: (field, context, index) => geoValues(field, index, context),
  longitude: (field, context, index) => geoValues(field, index, context),
  pattern: patternValues,
  derived: (field, context) =>
    field.operation === 'concat' ? concatValues(field, context) : lookupValues(field, context),
  constant: constantValues,
};

/**
 * Makes the values of a field, record by record.
 * @param index of the field in each record.
 * @throws InvalidDatasetDefinition where no value can be made.
 */
export function fieldValues(field: DatasetField, index: number, context: FieldContext): MakeValue {
  // The maker of the type of this very field, which TypeScript cannot follow through the table.
  return MAKERS[field.type](field as never, context, index);
}
