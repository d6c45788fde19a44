import type { ErrorBody } from '@millrace/domain';
import type { ResultsFixture } from '../../results.fixture';
import type { CellType } from './cell';
import { expectedAnswer, versionOf } from './expected-answer';
import type { ExpectedAnswer, Format, ModelQuery, ShownRows } from './expected-answer';
import { jsonRows, digitsKept, shownRows } from './shown-rows';
import type { Target } from './random-query';

export type Answer = Awaited<ReturnType<ResultsFixture['get']>>;

const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  arrow: 'application/vnd.apache.arrow.stream',
  parquet: 'application/vnd.apache.parquet',
};
/** Of what is saved. */
const EXTENSIONS: Readonly<Partial<Record<Format, string>>> = {
  csv: 'csv',
  arrow: 'arrows',
  parquet: 'parquet',
};

interface ReportBody {
  readonly analyses: Readonly<Record<string, { readonly page: object; readonly data: readonly object[] }>>;
}

/** An answer is as the model has it; gives the parameters of the next page. */
export async function expectAnswer(answer: Answer, model: ModelQuery): Promise<string | undefined> {
  const expected = expectedAnswer(model);
  const { columns, rows, total, limit, hasMore } = expected;
  const { format, offset, version } = model;
  expect([answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([200, '']);
  expectEqual(await shownRows(answer.rawPayload, format, typesOf(model, columns)), { columns, rows });
  expect(answer.headers).toMatchObject({
    'content-type': MEDIA_TYPES[format],
    'x-total-count': String(total),
    'x-page-size': String(limit),
    'x-page-offset': String(offset),
    'delta-table-version': String(version),
  });
  const [, extension] =
    /^attachment; filename="[\w-]+\.(\w+)"$/.exec(String(answer.headers['content-disposition'])) ?? [];
  expect(extension).toBe(EXTENSIONS[format]);
  const link = /^<\?(.*)>; rel="next"$/.exec(String(answer.headers['link']))?.[1];
  expect(link !== undefined).toBe(hasMore && rows.length > 0);
  if (format === 'json') expectPage(answer, model, expected, link);
  return link;
}

/** Jest tells well what differs, and is slow to find that nothing does. */
function expectEqual(found: ShownRows, expected: ShownRows): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected);
}

function expectPage(
  answer: Answer,
  { offset }: ModelQuery,
  { rows, limit, hasMore, total, rowCount }: ExpectedAnswer,
  link: string | undefined,
): void {
  const body = answer.json<{ page: object; rowCount?: number; analysisType?: string }>();
  const nextCursor = new URLSearchParams(link).get('cursor');
  const page = {
    limit,
    offset,
    returned: rows.length,
    hasMore,
    total,
    ...(nextCursor !== null && { nextCursor }),
  };
  expect(body.page).toEqual(page);
  expect(body.rowCount).toBe(body.analysisType === undefined ? rowCount : undefined);
}

/** Of the columns that are shown. */
function typesOf(model: ModelQuery, names: readonly string[]): Map<string, CellType> {
  const shown = versionOf(model).columns.filter(({ name }) => names.includes(name));
  return new Map(shown.map(({ name, type }) => [name, type]));
}

/** A report has a page of each analysis. */
export function expectReport(
  answer: Answer,
  targets: readonly Target[],
  limit: number,
  offset: number,
): void {
  expect(answer.statusCode).toBe(200);
  const exact = digitsKept(answer.body) as ReportBody;
  const { analyses } = answer.json<ReportBody>();
  let sum = 0;
  for (const { table, version, parameters } of targets) {
    const [[, name] = ['', '']] = parameters;
    const all = { filters: [], sort: [], columns: undefined };
    const model: ModelQuery = { ...all, table, version, limit, offset, format: 'json' };
    const { rows, columns, total, hasMore } = expectedAnswer(model);
    expect(jsonRows(exact.analyses[name]?.data ?? [], typesOf(model, columns))).toEqual(rows);
    expect(analyses[name]?.page).toEqual({ limit, offset, returned: rows.length, hasMore, total });
    sum += total;
  }
  expect(Object.keys(analyses)).toHaveLength(targets.length);
  expect(answer.headers).toMatchObject({ 'x-total-count': String(sum), 'x-page-size': String(limit) });
  expect(answer.headers).not.toHaveProperty('link');
}

/** Says what is wrong: one of some fields. */
export function expectRefusal(answer: Answer, fields: readonly string[]): void {
  expect([answer.statusCode, answer.body]).toEqual([400, expect.any(String)]);
  const { error, details = [] } = answer.json<ErrorBody>();
  const isNamed = (path: string) => fields.some((field) => path === field || path.startsWith(`${field}.`));
  expect([error, details.some(({ path }) => isNamed(path)), details]).toEqual([
    'INVALID_REQUEST',
    true,
    details,
  ]);
}
