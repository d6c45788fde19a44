import type { AnalysisName, SortKey } from '@millrace/domain';
import * as fc from 'fast-check';
import { isComparable } from './cell';
import type { Format, ModelQuery } from './expected-answer';
import { allRows } from './model-table';
import type { ModelTable, ModelVersion } from './model-table';
import { randomFilter, zoneText } from './random-filter';
import type { RandomFilter } from './random-filter';
import { randomGroup } from './random-group';

/** A table that a route answers of. */
export interface Target {
  readonly path: string;
  /** That say which table. */
  readonly parameters: Parameters;
  readonly table: ModelTable;
  /** That the batch committed. */
  readonly version: number;
  /** Where the route is of the rows that it counts: of the version that the batch committed, and no other. */
  readonly counted?: AnalysisName;
}

export type Parameters = readonly (readonly [name: string, value: string])[];

export interface RandomQuery {
  readonly target: Target;
  readonly parameters: Parameters;
  readonly accept: string | undefined;
  readonly model: ModelQuery;
}

/** Parameters, and what they mean to the model. */
interface Part<T> {
  readonly parameters: Parameters;
  readonly means: T;
}

const FORMATS: readonly (Part<Format> & { readonly accept?: string })[] = [
  { parameters: [], means: 'json' },
  { parameters: [], accept: '*/*', means: 'json' },
  { parameters: [], accept: 'text/html, application/xhtml+xml', means: 'json' },
  { parameters: [], accept: ';;,"', means: 'json' },
  { parameters: [], accept: 'text/csv', means: 'csv' },
  { parameters: [], accept: 'text/*', means: 'csv' },
  { parameters: [], accept: 'application/x-ndjson;q=0.9, application/json;q=0.5', means: 'ndjson' },
  { parameters: [], accept: 'application/x-ndjson;q=0, text/csv;q=0.1', means: 'csv' },
  { parameters: [['format', 'json']], accept: 'text/csv', means: 'json' },
  { parameters: [['format', 'ndjson']], means: 'ndjson' },
  { parameters: [['format', 'csv']], accept: 'application/json', means: 'csv' },
  { parameters: [['format', 'arrow']], accept: 'text/csv', means: 'arrow' },
  { parameters: [], accept: 'application/vnd.apache.arrow.stream', means: 'arrow' },
  { parameters: [], accept: 'application/vnd.apache.arrow.*, application/*;q=0.1', means: 'json' },
  { parameters: [['format', 'parquet']], means: 'parquet' },
];

const HUGE = ['1000000', '999999999999999', '000000000000007'];
const MAX_SORT_KEYS = 4;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Queries that a table can answer. */
export function randomQuery(target: Target): fc.Arbitrary<RandomQuery> {
  return fc
    .oneof(...versionsOf(target).map((version) => queryOf(target, version)))
    .map((query) => ({ ...query, parameters: [...target.parameters, ...query.parameters] }));
}

function versionsOf({ table, version, counted }: Target) {
  const others = table.versions.filter(({ version: one }) => one !== version && counted === undefined);
  const committed = table.versions.filter(({ version: one }) => one === version);
  return [...committed, ...committed, ...committed, ...others];
}

function queryOf(target: Target, of: ModelVersion): fc.Arbitrary<RandomQuery> {
  const { table, counted } = target;
  const parts = {
    asOf: asOf(target, of),
    columns: randomColumns(of),
    filters: fc.oneof(
      fc.constant([]),
      fc.array(randomFilter(table, of), { maxLength: 3 }),
      ...(counted === undefined ? [] : [randomGroup(counted, table, of)]),
    ),
    sort: fc.oneof(fc.constant([]), randomSort(of)),
    limit: rowNumber('limit', 40),
    offset: randomOffset(allRows(table, of).length),
    format: fc.constantFrom(...FORMATS),
  };
  return fc.record(parts).map(({ columns, filters, sort, limit, offset, format, asOf: at }) => ({
    target,
    accept: format.accept,
    parameters: [
      ...at,
      ...format.parameters,
      ...columns.parameters,
      ...limit.parameters,
      ...offset.parameters,
      ...filters.map(({ text }: RandomFilter) => ['filter', text] as const),
      ...sortParameter(sort),
    ],
    model: {
      table,
      version: of.version,
      columns: columns.means,
      filters: filters.map(({ model }) => model),
      sort,
      counted,
      format: format.means,
      limit: limit.means,
      offset: offset.means ?? 0,
    },
  }));
}

const NOTHING: Part<undefined> = { parameters: [], means: undefined };

function asOf(
  { version: committed, table, counted }: Target,
  { version, time }: ModelVersion,
): fc.Arbitrary<Parameters> {
  if (counted !== undefined) return fc.constant([]);
  const isNewest = version === table.versions.length - 1;
  const times = fc
    .tuple(fc.integer({ min: 0, max: isNewest ? 0 : HOUR_MS - 1 }), fc.integer({ min: -1_439, max: 1_439 }))
    .map(([later, minutes]): Parameters => {
      const at = time.getTime() + later;
      const zoned = new Date(at + minutes * MINUTE_MS).toISOString().replace('Z', zoneText(minutes));
      return [['timestampAsOf', minutes === 0 ? new Date(at).toISOString() : zoned]];
    });
  const numbers = fc
    .constantFrom('', '000')
    .map((zeros): Parameters => [['versionAsOf', zeros + String(version)]]);
  return version === committed
    ? fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, numbers)
    : fc.oneof(numbers, times);
}

function randomColumns({ columns }: ModelVersion): fc.Arbitrary<Part<readonly string[] | undefined>> {
  // A comma parts the names.
  const names = columns.map(({ name }) => name).filter((name) => !name.includes(','));
  const some = fc
    .array(fc.constantFrom(...names), { minLength: 1, maxLength: 6 })
    .map((means) => ({ parameters: [['columns', means.join(',')] as const], means }));
  return fc.oneof(fc.constant(NOTHING), some);
}

function randomSort({ columns }: ModelVersion): fc.Arbitrary<readonly SortKey[]> {
  const keys = columns
    .filter(({ name, type }) => isComparable(type) && !name.includes(','))
    .flatMap(({ name }): SortKey[] => [
      { column: name, direction: 'desc' },
      // A minus before a name is the direction.
      ...(name.startsWith('-') ? [] : [{ column: name, direction: 'asc' as const }]),
    ]);
  return fc.array(fc.constantFrom(...keys), { minLength: 1, maxLength: MAX_SORT_KEYS });
}

function sortParameter(sort: readonly SortKey[]): Parameters {
  if (sort.length === 0) return [];
  const names = sort.map(({ column, direction }) => (direction === 'desc' ? `-${column}` : column));
  return [['sort', names.join(',')]];
}

/** Where a part of a large table begins, of the sizes that its files and their row groups have. */
const EDGES = [2_048, 3_500, 5_548, 7_000, 9_048, 10_500];

function randomOffset(rows: number): fc.Arbitrary<Part<number | undefined>> {
  const edge = fc.constantFrom(0, rows, ...EDGES.filter((one) => one < rows));
  const near = fc
    .tuple(edge, fc.integer({ min: -20, max: 3 }))
    .map(([at, step]) => Math.max(0, at + step))
    .map((offset) => ({ parameters: [['offset', String(offset)] as const], means: offset }));
  return fc.oneof(fc.constant(NOTHING), near, rowNumber('offset', rows + 3));
}

export function rowNumber(name: string, most: number): fc.Arbitrary<Part<number | undefined>> {
  const texts = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: most }).map(String) },
    { weight: 1, arbitrary: fc.constantFrom(...HUGE) },
  );
  const given = texts.map((text) => ({ parameters: [[name, text] as const], means: Number(text) }));
  return fc.oneof({ weight: 1, arbitrary: fc.constant(NOTHING) }, { weight: 4, arbitrary: given });
}

/** Of a query, as a form writes it, with pluses for spaces. */
export function urlOf(path: string, parameters: Parameters): string {
  const query = new URLSearchParams(
    parameters.map(([name, value]): [string, string] => [name, value]),
  ).toString();
  return query === '' ? path : `${path}?${query}`;
}
