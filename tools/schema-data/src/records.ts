import { InvalidDatasetDefinition, columnNameOf, jsonPath } from '@millrace/domain';
import type { DatasetDefinition, DatasetField } from '@millrace/domain';
import { Random } from '@millrace/generator';
import type { FieldContext, FieldValue, MakeValue } from './fields/field-value';
import { fieldValues } from './fields/field-values';

export interface RecordSettings {
  readonly seed: string;
  /** How many records will be made. */
  readonly records: number;
  /** What `now` means, in milliseconds since 1970. */
  readonly referenceMs: number;
}

/**
 * Makes records one after the other. Each field draws from streams of its own, named by seed, data set and column: another
 * field more or less, or more records, change no value.
 */
export class Records {
  /** How often each field was null, in their order. */
  readonly nulls: number[];
  private readonly makers: readonly MakeValue[];
  private readonly record: FieldValue[];

  /** @throws InvalidDatasetDefinition where a field cannot be made: the reference time leaves its window empty, say. */
  constructor(definition: DatasetDefinition, settings: RecordSettings) {
    const { fields } = definition;
    const indexes = new Map(fields.map(({ name }, index) => [columnNameOf(name), index]));
    const points: FieldContext['points'] = new Map();
    this.record = fields.map(() => null);
    this.nulls = fields.map(() => 0);
    this.makers = fields.map((field, index) => {
      const stream = streamOf(definition, settings, field);
      const make = fieldValues(field, index, {
        ...settings,
        points,
        random: stream('value'),
        indexOf: (column) => requireIndex(indexes, column),
        refuse: (steps, message) =>
          new InvalidDatasetDefinition([{ path: jsonPath(['fields', index, ...steps]), message }]),
      });
      return orNull(make, field.nullProbability, stream('null'));
    });
  }

  /** The next record, its values in the order of the fields. Always the same array: it is over when the next one is made. */
  next(): readonly FieldValue[] {
    const { makers, record, nulls } = this;
    for (let index = 0; index < makers.length; index++) {
      const value = makers[index]?.(record) ?? null;
      if (value === null) nulls[index] = (nulls[index] ?? 0) + 1;
      record[index] = value;
    }
    return record;
  }
}

const streamOf =
  ({ name }: DatasetDefinition, { seed }: RecordSettings, field: DatasetField) =>
  (purpose: 'value' | 'null'): Random =>
    Random.of('dataset', name, seed, columnNameOf(field.name), purpose);

/** The value is made in any case, and from another stream: how many are null changes no other value. */
function orNull(make: MakeValue, probability: number, random: Random): MakeValue {
  if (probability === 0) return make;
  return (record) => {
    const value = make(record);
    return random.next() < probability ? null : value;
  };
}

function requireIndex(indexes: ReadonlyMap<string, number>, column: string): number {
  const index = indexes.get(column);
  // The definition was checked: references lead to earlier fields.
  if (index === undefined) throw new Error(`No field has the column ${column}`);
  return index;
}
