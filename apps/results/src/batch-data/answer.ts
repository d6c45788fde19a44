import { FULL_REPORT } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { mapBounded } from '../bounded';
import { analysisBody, rawBody, reportBody } from './page-answer';
import type { PlacedQuery } from './page-answer';
import type { ResultRows } from './read-result';
import { analysisTables } from './result-table';
import type { AnalysisTable, ResultTable } from './result-table';

/** Analyses of one report that are read at once: more would only wait for each other in the engine. */
const READERS_OF_A_REPORT = 4;

/** What a request asks for, before any of it is read. */
export interface Answer {
  /** Tells the bodies that a batch has apart. */
  readonly name: string;
  /** That are in it. */
  readonly tables: readonly ResultTable[];
  read(query: PlacedQuery, readRows: ReadRows): Promise<PageBody>;
}

/** JSON text in UTF-8, and how many rows it is about. */
export interface PageBody {
  readonly body: Buffer;
  readonly returned: number;
  readonly total: number;
}

/** A page of a table. */
export type ReadRows = (table: ResultTable) => Promise<ResultRows>;

export function rawAnswer(record: BatchRecord, table: ResultTable, name = 'raw'): Answer {
  return {
    name,
    tables: [table],
    read: async (query, readRows) => {
      const rows = await readRows(table);
      return { ...rows, body: rawBody(record, query, rows) };
    },
  };
}

export function analysisAnswer(record: BatchRecord, table: AnalysisTable): Answer {
  return {
    name: table.analysisType,
    tables: [table],
    read: async (query, readRows) => {
      const rows = await readRows(table);
      return { ...rows, body: analysisBody(record, query, { ...table, ...rows }) };
    },
  };
}

/** All analyses of a full report. */
export function reportAnswer(record: BatchRecord): Answer {
  const tables = analysisTables(record);
  return {
    name: FULL_REPORT,
    tables,
    read: async (query, readRows) => {
      const members = await mapBounded(tables, READERS_OF_A_REPORT, async (table) => ({
        ...table,
        ...(await readRows(table)),
      }));
      return {
        body: reportBody(record, query, members),
        returned: sumOf(members.map(({ returned }) => returned)),
        total: sumOf(members.map(({ total }) => total)),
      };
    },
  };
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
