import type { RowChange } from '@millrace/delta';
import type { AnalysisName } from '@millrace/domain';
import { compareCells, decimalOf, decimalText } from './cell';
import type { Cell, CellType } from './cell';
import { keysOf } from './counted-rows';
import type { CellOf } from './counted-rows';
import { shownCell } from './expected-answer';
import type { ModelColumn, Row } from './model-table';

/** The result of a batch: a row for each group. */
export interface ModelResult {
  readonly analysis: AnalysisName;
  readonly columns: readonly ModelColumn[];
  readonly rows: readonly Row[];
}

/** A group of a comparison; of each measure before, after, and of a number the change and its percentage. */
export interface ComparedGroup {
  readonly key: readonly (string | null)[];
  readonly change: RowChange;
  readonly measures: readonly (readonly (string | null)[])[];
}

interface Group {
  readonly key: readonly Cell[];
  before?: CellOf;
  after?: CellOf;
}

const WHOLE_NUMBERS: readonly CellType[] = ['long', 'integer', 'short', 'byte'];

/** All groups, in the order of their keys. */
export function expectedGroups(before: ModelResult, after: ModelResult): ComparedGroup[] {
  const measures = sharedMeasures(before, after);
  const keys = keyColumns(after);
  return groupsOf(before, after)
    .toSorted((one, other) => compareKeys(one.key, other.key))
    .map((group) => ({
      key: keys.map(({ type }, index) => shownCell(type, group.key[index] ?? null, 'json')),
      change: changeOf(group, measures),
      measures: measures.map((measure) => shownMeasure(measure, group)),
    }));
}

export const keyColumns = ({ analysis, columns }: ModelResult): ModelColumn[] =>
  keysOf(analysis).flatMap((key) => columns.filter(({ name }) => name === key));

/** What both have, with the same type. */
export function sharedMeasures(before: ModelResult, after: ModelResult): ModelColumn[] {
  const keys = keysOf(after.analysis);
  const isShared = ({ name, type }: ModelColumn) =>
    before.columns.some((column) => column.name === name && column.type === type);
  return after.columns.filter((column) => !keys.includes(column.name) && isShared(column));
}

/** Of what a change is told, as the type it is written in. */
export function typeOfChange(type: CellType): CellType | undefined {
  if (type === 'float' || type === 'double') return 'double';
  if (WHOLE_NUMBERS.includes(type)) return 'long';
  return decimalOf(type) === undefined ? undefined : type;
}

/** Tells keys apart. */
export const keyText = (result: ModelResult, row: Row): string =>
  JSON.stringify(
    keyColumns(result).map(({ name, type }) => shownCell(type, readerOf(result, row)(name), 'json')),
  );

const readerOf =
  ({ columns }: ModelResult, row: Row): CellOf =>
  (name) =>
    row[columns.findIndex((column) => column.name === name)] ?? null;

function groupsOf(before: ModelResult, after: ModelResult): Group[] {
  const groups = new Map<string, Group>();
  for (const [side, result] of Object.entries({ before, after })) {
    for (const row of result.rows) {
      const cellOf = readerOf(result, row);
      const text = keyText(result, row);
      const known = groups.get(text) ?? { key: keyColumns(result).map(({ name }) => cellOf(name)) };
      groups.set(text, { ...known, [side]: cellOf });
    }
  }
  return [...groups.values()];
}

function compareKeys(one: readonly Cell[], other: readonly Cell[]): number {
  const compared = one.map((cell, index) => compareCells(cell, other[index] ?? null));
  return compared.find((order) => order !== 0) ?? 0;
}

function changeOf({ before, after }: Group, measures: readonly ModelColumn[]): RowChange {
  if (before === undefined) return 'new';
  if (after === undefined) return 'vanished';
  return measures.every(({ name }) => isSame(before(name), after(name))) ? 'same' : 'changed';
}

function isSame(one: Cell, other: Cell): boolean {
  if (one === null || other === null) return one === other;
  return typeof one === 'object'
    ? JSON.stringify(one) === JSON.stringify(other)
    : compareCells(one, other) === 0;
}

function shownMeasure({ name, type }: ModelColumn, group: Group): (string | null)[] {
  const cells = [group.before?.(name) ?? null, group.after?.(name) ?? null] as const;
  const shown = cells.map((cell) => shownCell(type, cell, 'json'));
  const changed = typeOfChange(type);
  if (changed === undefined) return shown;
  const [change, percent] = difference(type, ...cells);
  return [...shown, shownCell(changed, change, 'json'), shownCell('double', percent, 'json')];
}

/** And its percentage of what was before. */
function difference(type: CellType, before: Cell, after: Cell): readonly [change: Cell, percent: Cell] {
  if (typeof before === 'number' && typeof after === 'number') {
    const change = after - before;
    return [change, before === 0 ? null : (100 * change) / Math.abs(before)];
  }
  if (typeof before !== 'bigint' || typeof after !== 'bigint') return [null, null];
  const { precision, scale } = decimalOf(type) ?? { precision: 38, scale: 0 };
  const change = after - before;
  // No decimal has so many digits.
  if (String(change).replace('-', '').length > Math.max(38, precision)) return [null, null];
  const numberOf = (digits: bigint) => Number(decimalText(digits, scale));
  return [change, before === 0n ? null : (100 * numberOf(change)) / Math.abs(numberOf(before))];
}
