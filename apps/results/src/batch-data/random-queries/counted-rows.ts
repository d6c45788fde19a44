import { ANALYSES } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import { compareCells } from './cell';
import type { Cell } from './cell';

/** What a row has in a column. */
export type CellOf = (column: string) => Cell;

const SUSPICIOUS_SCORE = 0.7;
const MICROS_PER_HOUR = 3_600_000_000n;
const HOURS_PER_DAY = 24n;

/** Whether an analysis counts a row: fraud of any status, of all else what was completed. */
export function isCounted(analysis: AnalysisName, cellOf: CellOf): boolean {
  if (analysis !== 'fraud_analysis') return cellOf('transaction_status') === 'completed';
  const score = cellOf('fraud_score');
  const isSuspicious = score !== null && compareCells(score, SUSPICIOUS_SCORE) > 0;
  return isSuspicious || cellOf('is_fraudulent') === true;
}

/** Columns of its groups: by these its rows are in order last. */
export function keysOf(analysis: AnalysisName): string[] {
  return ANALYSES[analysis].order.filter(({ direction }) => direction === 'asc').map(({ column }) => column);
}

const unitsBefore = (micros: bigint, unit: bigint) => (micros - (((micros % unit) + unit) % unit)) / unit;

/** The day, of a time in microseconds. */
export const dayOf = (time: Cell): Cell =>
  typeof time === 'bigint' ? unitsBefore(time, HOURS_PER_DAY * MICROS_PER_HOUR) : null;

/** The hour of that day. */
export function hourOf(time: Cell): Cell {
  if (typeof time !== 'bigint') return null;
  const day = unitsBefore(time, HOURS_PER_DAY * MICROS_PER_HOUR);
  return unitsBefore(time, MICROS_PER_HOUR) - HOURS_PER_DAY * day;
}
