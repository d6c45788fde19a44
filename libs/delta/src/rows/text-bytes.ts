import { identifier } from '../engine/sql-text';
import type { DeltaType } from '../snapshot/table-schema';

/**
 * SQL of a value with the bytes in place of every text in it. The engine's client makes texts of them, and leaves a mark U+FEFF away that
 * a text begins with.
 */
export function textsAsBytes(expression: string, type: DeltaType): string {
  return hasText(type) ? encoded(expression, type) : expression;
}

function encoded(expression: string, type: DeltaType): string {
  switch (type.kind) {
    case 'array':
      return eachOf(expression, type.element);
    case 'map': {
      const [keys, values] = [`map_keys(${expression})`, `map_values(${expression})`];
      const map = `map(${eachOf(keys, type.key)}, ${eachOf(values, type.value)})`;
      return `CASE WHEN ${expression} IS NOT NULL THEN ${map} END`;
    }
    case 'struct': {
      const members = type.fields.map(
        ({ name, type: of }) =>
          `${identifier(name)} := ${textsAsBytes(`${expression}.${identifier(name)}`, of)}`,
      );
      return `CASE WHEN ${expression} IS NOT NULL THEN struct_pack(${members.join(', ')}) END`;
    }
    default:
      return `encode(${expression})`;
  }
}

/** The variable of an inner list hides the outer one's, which is not asked for there. */
const eachOf = (list: string, element: DeltaType) =>
  `list_transform(${list}, lambda x: ${textsAsBytes('x', element)})`;

function hasText(type: DeltaType): boolean {
  switch (type.kind) {
    case 'primitive':
      return type.name === 'string';
    case 'decimal':
      return false;
    case 'array':
      return hasText(type.element);
    case 'map':
      return hasText(type.key) || hasText(type.value);
    case 'struct':
      return type.fields.some((field) => hasText(field.type));
  }
}
