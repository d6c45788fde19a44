import type { ResultSchemaBody } from '@millrace/domain';
import { getJson } from './get-json';

export type Row = Readonly<Record<string, unknown>>;
export type ResultColumn = Pick<ResultSchemaBody['columns'][number], 'name' | 'type'>;

export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly Row[];
  /** Of the result, which may have more than were asked for. */
  readonly total: number;
}

interface PageBody {
  readonly data: readonly Row[];
  readonly page: { readonly total: number; readonly nextCursor?: string };
}

const ROWS_OF_A_PAGE = 10_000;

/** An analysis of a batch, or its rows where none is named. */
export interface ResultPath {
  readonly batchId: string;
  readonly analysis?: string;
}

/** Address of a result, and of its schema with `part`. */
export function resultPath({ batchId, analysis }: ResultPath, part = ''): string {
  const id = encodeURIComponent(batchId);
  if (analysis === undefined) return `/batch/data/${id}${part}`;
  return `/batch/data/${id}/aggregated${part}?analysis=${encodeURIComponent(analysis)}`;
}

/** A result with parameters of its own. */
export function withParameters(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters).toString();
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** The first rows of a result in its own order, at most `limit` of them. */
export async function loadResult(of: ResultPath, limit: number): Promise<ResultTable> {
  const [{ columns }, { rows, total }] = await Promise.all([
    getJson<ResultSchemaBody>(resultPath(of, '/schema')),
    firstRows(of, limit),
  ]);
  return { columns, rows, total };
}

async function firstRows(of: ResultPath, limit: number): Promise<Pick<ResultTable, 'rows' | 'total'>> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  for (;;) {
    const asked = String(Math.min(limit - rows.length, ROWS_OF_A_PAGE));
    const parameters = { limit: asked, ...(cursor !== undefined && { cursor }) };
    const body = await getJson<PageBody>(withParameters(resultPath(of), parameters));
    rows.push(...body.data);
    cursor = body.page.nextCursor;
    if (cursor === undefined || body.data.length === 0 || rows.length >= limit) {
      return { rows, total: body.page.total };
    }
  }
}
