import { FILTER_OPERATORS } from '@millrace/delta';
import type { ColumnFilter, DeltaField, Snapshot } from '@millrace/delta';
import { InvalidRequest } from '@millrace/domain';
import type { SortKey } from '@millrace/domain';
import { z } from 'zod';
import { valueForm } from './column-value';

const MAX_FILTERS = 20;
const MAX_VALUES = 100;
const MAX_SORT_KEYS = 5;

/** Column, operator and what follows; a value may have colons of its own. */
const FILTER = /^([^:]+):([a-z]+)(?::(.*))?$/su;

const columnFilter = z.string().transform((text, context): ColumnFilter => {
  const [, column, name, value] = FILTER.exec(text) ?? [];
  const operator = FILTER_OPERATORS.find((known) => known === name);
  const isWithout = operator === 'null' || operator === 'notnull';
  if (column === undefined || operator === undefined || isWithout !== (value === undefined)) {
    const message = `must be column:operator:value with one of ${FILTER_OPERATORS.join(', ')}; null and notnull without a value`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const values = operator === 'in' ? (value ?? '').split(',') : [value ?? ''];
  return { column, operator, values: isWithout ? [] : values };
});

const sortKey = (name: string): SortKey =>
  name.startsWith('-') ? { column: name.slice(1), direction: 'desc' } : { column: name, direction: 'asc' };

/** Which rows of a table, in which order, and which of their columns. */
export const selectionParameters = {
  columns: z
    .string()
    .transform((names) => names.split(','))
    .optional(),
  filter: z
    .union([z.string(), z.array(z.string())])
    .transform((texts) => [texts].flat())
    .pipe(z.array(columnFilter).max(MAX_FILTERS, { error: `must be given at most ${MAX_FILTERS} times` }))
    .optional(),
  sort: z
    .string()
    .transform((names) => names.split(',').map(sortKey))
    .pipe(
      z
        .array(z.custom<SortKey>())
        .max(MAX_SORT_KEYS, { error: `must name at most ${MAX_SORT_KEYS} columns` }),
    )
    .optional(),
};

/** What a request says of it; absent: all rows, in the table's order, with all columns. */
export interface Selection {
  readonly columns?: readonly string[] | undefined;
  readonly filter?: readonly ColumnFilter[] | undefined;
  readonly sort?: readonly SortKey[] | undefined;
}

/** @throws InvalidRequest for a column that the table does not have, or that cannot be compared so. */
export function requireSelection({ schema }: Snapshot, { columns, filter, sort }: Selection): void {
  const details = [
    ...(columns ?? []).map((column) => fault('columns', missing(schema, column))),
    ...(filter ?? []).map((one) => fault('filter', filterFault(schema, one))),
    ...(sort ?? []).map(({ column }) => fault('sort', sortFault(schema, column))),
  ].flat();
  if (details.length > 0) throw new InvalidRequest(details);
}

/** The order asked for; rows that are equal in it are in the table's own. */
export function rowOrder(own: readonly SortKey[], asked: readonly SortKey[] = []): SortKey[] {
  return [...asked, ...own.filter(({ column }) => !asked.some((key) => key.column === column))];
}

const fault = (path: string, message: string | undefined) =>
  message === undefined ? [] : [{ path, message }];

function missing(schema: readonly DeltaField[], column: string): string | undefined {
  const names = schema.map(({ name }) => name);
  if (names.includes(column)) return undefined;
  return `must name columns of the table, which has no ${JSON.stringify(column)} but ${names.join(', ')}`;
}

function filterFault(schema: readonly DeltaField[], { column, operator, values }: ColumnFilter) {
  const field = schema.find(({ name }) => name === column);
  if (field === undefined) return missing(schema, column);
  if (operator === 'null' || operator === 'notnull') return undefined;
  const form = valueForm(field.type);
  if (form === undefined) return `can ask of ${column} only whether it is null or notnull`;
  if (values.length > MAX_VALUES) return `must have at most ${MAX_VALUES} values`;
  return values.every((value) => form.isValue(value))
    ? undefined
    : `must compare ${column} with ${form.form}`;
}

function sortFault(schema: readonly DeltaField[], column: string): string | undefined {
  const field = schema.find(({ name }) => name === column);
  if (field === undefined) return missing(schema, column);
  return valueForm(field.type) === undefined ? `cannot be by ${column}, which has no order` : undefined;
}
