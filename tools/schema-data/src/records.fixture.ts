import { parseDatasetDefinition } from '@millrace/domain';
import type { DatasetDefinition } from '@millrace/domain';
import type { FieldValue } from './fields/field-value';
import { Records } from './records';
import type { RecordSettings } from './records';

/** A Sunday. */
export const REFERENCE_MS = Date.parse('2026-03-01T12:00:00Z');

export const definitionOf = (fields: readonly object[], more: object = {}): DatasetDefinition =>
  parseDatasetDefinition(JSON.stringify({ name: 'test', fields, ...more }));

export const settingsOf = (settings: Partial<RecordSettings> = {}): RecordSettings => ({
  seed: '42',
  records: 1000,
  referenceMs: REFERENCE_MS,
  ...settings,
});

/** Records of these fields, each by the names of its fields. */
export function recordsOf(
  fields: readonly object[],
  records = 1000,
  settings: Partial<RecordSettings> = {},
): readonly Readonly<Record<string, FieldValue>>[] {
  const definition = definitionOf(fields);
  const made = new Records(definition, settingsOf({ records, ...settings }));
  const names = definition.fields.map(({ name }) => name);
  return Array.from({ length: records }, () => {
    const record = made.next();
    return Object.fromEntries(names.map((name, index) => [name, record[index] ?? null]));
  });
}

/** Values of the last of these fields. */
export function valuesOf(
  fields: readonly object[],
  records = 1000,
  settings: Partial<RecordSettings> = {},
): readonly FieldValue[] {
  return recordsOf(fields, records, settings).map((record) => Object.values(record).at(-1) ?? null);
}

/** The same where they are numbers. */
export const numbersOf = (field: object, records = 20_000): readonly number[] =>
  valuesOf([{ name: 'n', ...field }], records) as readonly number[];

/** Pearson's measure of how far counts are from what weights let expect. What weighs nothing must not be there at all. */
export function chiSquare(counts: readonly number[], weights: readonly number[]): number {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const [all, total] = [sum(counts), sum(weights)];
  return counts.reduce((measure, count, index) => {
    const expected = ((weights[index] ?? 0) * all) / total;
    if (expected === 0) return count === 0 ? measure : Infinity;
    return measure + (count - expected) ** 2 / expected;
  }, 0);
}

/** How often each of `places` was drawn. */
export function countsOf(indexes: readonly number[], places: number): readonly number[] {
  const counts = new Array<number>(places).fill(0);
  for (const index of indexes) counts[index] = (counts[index] ?? 0) + 1;
  return counts;
}
