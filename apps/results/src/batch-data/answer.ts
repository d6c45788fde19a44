import { FULL_REPORT } from '@millrace/domain';
import type { BatchRecord, PageQuery } from '@millrace/domain';
import { mapBounded } from '../bounded';
import { analysisBody, rawBody, reportBody } from './page-answer';
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
  read(readRows: ReadRows): Promise<{ readonly body: string; readonly total: number }>;
}

/** A page of a table. */
export type ReadRows = (table: ResultTable) => Promise<ResultRows>;

export function rawAnswer(record: BatchRecord, query: PageQuery, table: ResultTable): Answer {
  return {
    name: 'raw',
    tables: [table],
    read: async (readRows) => {
      const rows = await readRows(table);
      return { body: rawBody(record, query, rows), total: rows.total };
    },
  };
}

export function analysisAnswer(record: BatchRecord, query: PageQuery, table: AnalysisTable): Answer {
  return {
    name: table.analysisType,
    tables: [table],
    read: async (readRows) => {
      const rows = await readRows(table);
      return { body: analysisBody(record, query, { ...table, ...rows }), total: rows.total };
    },
  };
}

/** All analyses of a full report. */
export function reportAnswer(record: BatchRecord, query: PageQuery): Answer {
  const tables = analysisTables(record);
  return {
    name: FULL_REPORT,
    tables,
    read: async (readRows) => {
      const members = await mapBounded(tables, READERS_OF_A_REPORT, async (table) => ({
        ...table,
        ...(await readRows(table)),
      }));
      return {
        body: reportBody(record, query, members),
        total: members.reduce((sum, rows) => sum + rows.total, 0),
      };
    },
  };
}
