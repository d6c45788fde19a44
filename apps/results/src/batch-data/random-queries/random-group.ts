import { RAW_ROW_ORDER } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import * as fc from 'fast-check';
import { shownText } from './cell';
import type { Cell } from './cell';
import { dayOf, keysOf } from './counted-rows';
import { allRows, reader } from './model-table';
import type { ModelColumn, ModelTable, ModelVersion, Row } from './model-table';
import type { RandomFilter } from './random-filter';
import { valueOf } from './random-cell';
import type { Parameters } from './random-query';
import type { TableForm } from './random-table';

const HOURS = ['event_date', 'event_hour'];
const COLUMNS: readonly ModelColumn[] = [
  { name: 'event_timestamp', type: 'timestamp' },
  { name: 'transaction_id', type: 'string' },
  { name: 'category', type: 'string' },
  { name: 'transaction_status', type: 'string' },
  { name: 'is_fraudulent', type: 'boolean' },
  { name: 'fraud_score', type: 'double' },
  { name: 'event_date', type: 'date' },
];

/** Some that are counted, and some that nearly are. */
const STATUSES = ['completed', 'completed', 'completed', 'failed', 'Completed', 'completed ', ''];
const SCORES = [0.7, 0.699_999_999_999_999_9, 0.700_000_000_000_000_1, 0.8, -0.8, Number.NaN, Infinity];

/** Of raw rows with the columns of the groups of some analyses. */
export function formOfCounted(analyses: readonly AnalysisName[]): TableForm {
  const keys = new Set(analyses.flatMap(keysOf));
  for (const { name } of [...COLUMNS, { name: 'event_hour' }]) keys.delete(name);
  return {
    columns: [...COLUMNS, ...[...keys].map((name): ModelColumn => ({ name, type: 'string' }))],
    order: RAW_ROW_ORDER,
    partitionColumn: 'category',
    cells: {
      transaction_status: fc.constantFrom(...STATUSES),
      fraud_score: fc.oneof(fc.constantFrom(...SCORES), valueOf('double')),
    },
    derived: { event_date: { from: 'event_timestamp', of: dayOf } },
  };
}

/** Conditions that name a group by some of its keys, or an hour of a day. */
export function randomGroup(
  analysis: AnalysisName,
  table: ModelTable,
  version: ModelVersion,
): fc.Arbitrary<RandomFilter[]> {
  const rows = allRows(table, version);
  const hours = fc.constantFrom('null', 'notnull').map((operator) => [filter('event_hour', operator)]);
  if (rows.length === 0) return hours;
  const row = fc.constantFrom(...rows);
  const keys = keysOf(analysis).filter((key) => key !== 'event_hour');
  const group = fc
    .tuple(row, fc.shuffledSubarray(keys, { minLength: 1 }))
    .map(([of, names]) => names.map((name) => ofKey(version, of, name)));
  const hour = fc
    .tuple(row, fc.shuffledSubarray(HOURS, { minLength: HOURS.length }), fc.constantFrom(0n, 0n, 0n, 1n, 7n))
    .map(([of, names, later]) => names.map((name) => ofKey(version, of, name, later)));
  return fc.oneof({ weight: 3, arbitrary: group }, { weight: 3, arbitrary: hour }, hours);
}

/** What a row has in a column as a condition, or an hour some hours later. */
function ofKey(version: ModelVersion, row: Row, name: string, later = 0n): RandomFilter {
  const cell = reader(version, name)(row);
  if (cell === null) return filter(name, 'null');
  if (name === 'event_hour' && typeof cell === 'bigint') {
    const hour = (cell + later) % 24n;
    return filter(name, 'eq', { cell: hour, text: String(hour) });
  }
  const type = version.columns.find((column) => column.name === name)?.type ?? 'string';
  const known = typeof cell === 'string' ? cell.replaceAll('\0', '') : cell;
  return filter(name, 'eq', { cell: known, text: shownText(type, known) });
}

function filter(
  column: string,
  operator: string,
  value?: { readonly cell: Cell; readonly text: string },
): RandomFilter {
  const text = `${column}:${operator}`;
  return {
    text: value === undefined ? text : `${text}:${value.text}`,
    model: { column, operator, values: value === undefined ? [] : [value.cell] },
  };
}

/** Filters of which one does not say an hour of a day. */
export function wrongHours(): Parameters[] {
  const day = 'event_date:eq:2025-01-15';
  const wrong = ['8.0', '24', '-1', '08', '', ' 8', '٨', '99999999999999999999'].map((hour) => [
    `event_hour:eq:${hour}`,
    day,
  ]);
  const others = ['gt:8', 'in:8', 'in:8,9', 'ne:8', 'null:', 'like:8'].map((rest) => [
    `event_hour:${rest}`,
    day,
  ]);
  const days = [
    'event_date:ge:2025-01-15',
    'event_date:null',
    'event_date:eq:2025-02-30',
    'event_date:eq:2025-1-15',
    'event_date:in:2025-01-15',
  ].map((of) => ['event_hour:eq:8', of]);
  return [['event_hour:eq:8'], ...wrong, ...others, ...days].map((texts) =>
    texts.map((text) => ['filter', text]),
  );
}
