import { ANALYSES, STREAMED } from '@millrace/domain';
import type { ConsistencyBody, StreamedAnalysis, Tolerance } from '@millrace/domain';
import type { RowObject } from 'spark-connect-js';

/**
 * Of sums and means of doubles, which depend on the order of the rows: far more than rounding makes of a billion rows, and one cent in a
 * billion is still seen.
 */
const DOUBLE: Tolerance = { relative: 1e-11 };

const MAX_DIFFERENCES = 20;

type Cell = ConsistencyBody['differences'][number]['stream'];
type Row = Readonly<Record<string, Cell>>;
type Comparison = Pick<ConsistencyBody, 'rows' | 'cells' | 'equal' | 'different' | 'differences'>;

/** What the analysis says on either path. */
export interface BothPaths {
  readonly stream: readonly RowObject[];
  readonly batch: readonly RowObject[];
}

/** Which columns may differ, and by how much. Shares are rounded: two sums that are as good as equal may be rounded to neighbours. */
export function tolerancesOf(analysis: StreamedAnalysis): Readonly<Record<string, Tolerance>> {
  const { groupBy, shares } = STREAMED[analysis];
  const tolerances = ANALYSES[analysis].columns
    .filter(({ name, type }) => type === 'double' && !groupBy.includes(name))
    .map(({ name }): [string, Tolerance] => {
      const share = shares.find(({ column }) => column === name);
      return [name, share === undefined ? DOUBLE : { absolute: Number(`1e-${share.decimals}`) }];
    });
  return Object.fromEntries(tolerances);
}

/** Every cell of every group that either path has. */
export function compareRows(analysis: StreamedAnalysis, { stream, batch }: BothPaths): Comparison {
  const { groupBy } = STREAMED[analysis];
  const columns = ANALYSES[analysis].columns
    .map(({ name }) => name)
    .filter((name) => !groupBy.includes(name));
  const tolerances = tolerancesOf(analysis);
  const [streamed, batched] = [byGroup(stream, groupBy), byGroup(batch, groupBy)];
  const groups = [...new Set([...batched.keys(), ...streamed.keys()])];
  const differences = groups.flatMap((group) => {
    const [ours, theirs] = [streamed.get(group), batched.get(group)];
    return columns
      .filter(
        (column) =>
          ours === undefined ||
          theirs === undefined ||
          !isEqual(ours[column], theirs[column], tolerances[column]),
      )
      .map((column) => ({
        key: keyOf(ours ?? theirs ?? {}, groupBy),
        column,
        stream: ours?.[column] ?? null,
        batch: theirs?.[column] ?? null,
      }));
  });
  return {
    rows: groups.length,
    cells: groups.length * columns.length,
    equal: differences.length === 0,
    different: differences.length,
    differences: differences.slice(0, MAX_DIFFERENCES),
  };
}

function byGroup(rows: readonly RowObject[], groupBy: readonly string[]): Map<string, Row> {
  const entries = rows.map(toRow).map((row): [string, Row] => [JSON.stringify(keyOf(row, groupBy)), row]);
  return new Map(entries);
}

const keyOf = (row: Row, groupBy: readonly string[]): Record<string, Cell> =>
  Object.fromEntries(groupBy.map((column) => [column, row[column] ?? null]));

const toRow = (row: RowObject): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toCell(value)]));

function toCell(value: unknown): Cell {
  // Counts and sums of units stay far below 2^53.
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

function isEqual(one: Cell | undefined, other: Cell | undefined, tolerance: Tolerance | undefined): boolean {
  if (Object.is(one, other) || one === other) return true;
  if (tolerance === undefined || typeof one !== 'number' || typeof other !== 'number') return false;
  const allowed =
    'relative' in tolerance
      ? tolerance.relative * Math.max(Math.abs(one), Math.abs(other))
      : // The step itself is no binary fraction.
        tolerance.absolute * (1 + 1e-9);
  return Math.abs(one - other) <= allowed;
}
