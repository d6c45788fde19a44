import { z } from 'zod';
import { booleanFieldSchema, categoryFieldSchema } from './choice-fields';
import { datetimeFieldSchema } from './datetime-field';
import { derivedFieldSchema } from './derived-field';
import { latitudeFieldSchema, longitudeFieldSchema } from './geo-fields';
import {
  constantFieldSchema,
  patternFieldSchema,
  sequenceFieldSchema,
  uuidFieldSchema,
} from './identifier-fields';
import { floatFieldSchema, intFieldSchema } from './number-fields';

/** One field of each record, by its type. */
export const datasetFieldSchema = z.discriminatedUnion('type', [
  uuidFieldSchema,
  sequenceFieldSchema,
  intFieldSchema,
  floatFieldSchema,
  categoryFieldSchema,
  datetimeFieldSchema,
  booleanFieldSchema,
  latitudeFieldSchema,
  longitudeFieldSchema,
  patternFieldSchema,
  derivedFieldSchema,
  constantFieldSchema,
]);

export type DatasetField = z.infer<typeof datasetFieldSchema>;
export type DatasetFieldType = DatasetField['type'];

/** What the values of a field are in JSON; a time is text there. */
export type FieldValueKind = 'text' | 'number' | 'boolean' | 'time';

const KIND_OF_TYPE: Readonly<Record<DatasetFieldType, FieldValueKind>> = {
  uuid: 'text',
  sequence: 'number',
  int: 'number',
  float: 'number',
  category: 'text',
  datetime: 'time',
  boolean: 'boolean',
  latitude: 'number',
  longitude: 'number',
  pattern: 'text',
  derived: 'text',
  constant: 'text',
};

/** What a field is in each record where it is not null. */
export function valueKindOf(field: DatasetField): FieldValueKind {
  if (field.type === 'constant') return kindOf(field.value);
  if (field.type === 'derived' && field.operation === 'lookup') return kindOf(Object.values(field.map)[0]);
  if (field.type === 'sequence' && isTextSequence(field)) return 'text';
  return KIND_OF_TYPE[field.type];
}

/** Whether the numbers of a sequence are written as text. */
export function isTextSequence({ prefix, pad }: { prefix?: unknown; pad?: unknown }): boolean {
  return prefix !== undefined || pad !== undefined;
}

function kindOf(value: unknown): FieldValueKind {
  return typeof value === 'number' || typeof value === 'boolean'
    ? (typeof value as 'number' | 'boolean')
    : 'text';
}
