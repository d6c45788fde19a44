import type { AnalysisName } from '@millrace/domain';
import type { ResultTable, Row } from '../api/result-rows';
import type { SeriesChart } from '../charts/series-chart';
import { count, decimal, words } from '../figures/format';
import { CHART_PLANS } from './chart-plans';

export const MOST_BARS = 20;

/** The chart of a result: its first rows where it ranks them. */
export function analysisChart(name: AnalysisName, { rows, columns }: ResultTable): SeriesChart {
  const { kind, labels, value } = CHART_PLANS[name];
  const shown = kind === 'bar' ? rows.slice(0, MOST_BARS) : rows;
  const isCount = columns.find((column) => column.name === value)?.type === 'bigint';
  return {
    kind,
    labelName: labels.map(words).join(', ').toLowerCase(),
    valueName: words(value).toLowerCase(),
    points: shown.map((row) => ({ label: labelOf(row, labels), value: numberOf(row[value]) })),
    format: isCount ? count : decimal,
  };
}

function labelOf(row: Row, labels: readonly string[]): string {
  const parts = labels.flatMap((name) => {
    const part = row[name];
    if (typeof part === 'string') return [part];
    // An hour is the one number that labels anything.
    return typeof part === 'number' ? [`${String(part).padStart(2, '0')}:00`] : [];
  });
  return parts.length === 0 ? 'none' : parts.join(' · ');
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
