import type { Column, ColumnType } from '../column';

export interface SortKey {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
}

/** What an analysis gives, without how: the plan is built in `libs/pipelines`. */
export interface AnalysisEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly columns: readonly Column[];
  /** The analysis's own order, then the group keys, so that equal values page in a stable order. */
  readonly order: readonly SortKey[];
}

export const required = (name: string, type: ColumnType): Column => ({ name, type, nullable: false });
export const nullable = (name: string, type: ColumnType): Column => ({ name, type, nullable: true });
export const ascending = (column: string): SortKey => ({ column, direction: 'asc' });
export const descending = (column: string): SortKey => ({ column, direction: 'desc' });
