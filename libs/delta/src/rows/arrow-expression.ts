import type { DeltaField } from '../snapshot/table-schema';
import { textsAsBytes } from './text-bytes';

/** A column of a row: the SQL expression that gives it, and the field it is shown as. */
export interface ArrowColumn {
  readonly field: DeltaField;
  readonly expression: string;
}

export const isText = ({ type }: DeltaField): boolean => type.kind === 'primitive' && type.name === 'string';

/**
 * SQL of the columns that record batches are made of: before all others the bytes of all texts of a row, one behind the other, and in
 * place of each text how many of them are its. To take a value of many bytes out of the engine costs the same for all texts as for one.
 */
export function arrowColumns(columns: readonly ArrowColumn[]): string {
  const texts = columns.filter(({ field }) => isText(field)).map(({ expression }) => expression);
  const joined = texts.length === 0 ? "''" : `concat(${texts.join(', ')})`;
  return [
    `encode(${joined})`,
    ...columns.map(({ field, expression }) =>
      isText(field) ? lengthOf(expression) : textsAsBytes(expression, field.type),
    ),
  ].join(', ');
}

const lengthOf = (text: string) => `strlen(${text})::INTEGER`;
