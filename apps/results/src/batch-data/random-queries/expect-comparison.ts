import type { ComparisonBody } from '@millrace/domain';
import type { CellType } from './cell';
import type { Answer } from './expect-answer';
import { expectedGroups, keyColumns, sharedMeasures, typeOfChange } from './expected-comparison';
import type { ComparedGroup, ModelResult } from './expected-comparison';
import type { ModelColumn } from './model-table';
import type { RandomResult } from './random-results';
import { digitsKept, jsonRows } from './shown-rows';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;
/** Of decimals the engine makes numbers that may be the ones beside the nearest. */
const TOLERANCE = 1e-12;

interface Found {
  readonly key: object;
  readonly change: ComparedGroup['change'];
  readonly measures: Readonly<Record<string, object>>;
}

/** A comparison is as the model has it. */
export function expectComparison(
  answer: Answer,
  [before, after]: readonly [RandomResult, RandomResult],
  page: { readonly limit: number | undefined; readonly offset: number },
): void {
  expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, '']);
  const limit = Math.min(page.limit ?? DEFAULT_LIMIT, MAX_LIMIT);
  const groups = expectedGroups(before, after);
  const expected = groups.slice(page.offset, page.offset + limit);
  const { data } = digitsKept(answer.body) as { data: readonly Found[] };
  const found = data.map((row) => shownGroup(row, before, after));
  const rounded = found.map((group, row) => withRounded(group, expected[row]));
  if (JSON.stringify(rounded) !== JSON.stringify(expected)) expect(rounded).toEqual(expected);
  expectHead(answer, [before, after], { limit, offset: page.offset }, groups, expected.length);
}

function expectHead(
  answer: Answer,
  [before, after]: readonly [RandomResult, RandomResult],
  { limit, offset }: { readonly limit: number; readonly offset: number },
  groups: readonly ComparedGroup[],
  returned: number,
): void {
  const total = groups.length;
  const body = answer.json<ComparisonBody>();
  const count = (change: ComparedGroup['change']) => groups.filter((group) => group.change === change).length;
  expect({ ...body, data: [] }).toEqual({
    batchId: after.batchId,
    base: before.batchId,
    analysisType: after.analysis,
    changes: {
      same: count('same'),
      changed: count('changed'),
      new: count('new'),
      vanished: count('vanished'),
    },
    page: { limit, offset, returned, hasMore: offset + returned < total, total },
    data: [],
  });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'private, no-cache',
    'x-total-count': String(total),
    'x-page-size': String(limit),
    'x-page-offset': String(offset),
  });
}

function shownGroup(
  { key, change, measures, ...others }: Found,
  before: ModelResult,
  after: ModelResult,
): ComparedGroup {
  const shared = sharedMeasures(before, after);
  const names = [Object.keys(measures), shared.map(({ name }) => name)].map((list) => list.join('\0'));
  if (names[0] !== names[1] || Object.keys(others).length > 0)
    throw new Error(`Other measures: ${names.join()}`);
  const [keys = []] = jsonRows([key], typesOf(keyColumns(after)));
  return {
    key: keys,
    change,
    measures: shared.map(({ name, type }) => shownMeasure(measures[name] ?? {}, type)),
  };
}

function shownMeasure(measure: object, type: CellType): readonly (string | null)[] {
  const parts: ModelColumn[] = [
    { name: 'before', type },
    { name: 'after', type },
  ];
  const change = typeOfChange(type);
  if (change !== undefined)
    parts.push({ name: 'change', type: change }, { name: 'changePercent', type: 'double' });
  return jsonRows([measure], typesOf(parts))[0] ?? [];
}

const typesOf = (columns: readonly ModelColumn[]) => new Map(columns.map(({ name, type }) => [name, type]));

/** With the percentages of the model where those found are nearly the same. */
function withRounded(found: ComparedGroup, expected: ComparedGroup | undefined): ComparedGroup {
  const measures = found.measures.map((parts, index) => {
    const percent = expected?.measures[index]?.[3];
    const isNear = percent !== undefined && Math.abs(Number(parts[3]) / Number(percent) - 1) < TOLERANCE;
    return isNear ? [...parts.slice(0, 3), percent] : parts;
  });
  return { ...found, measures };
}
