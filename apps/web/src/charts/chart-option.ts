import type { EChartsCoreOption } from 'echarts/core';
import { short } from '../figures/format';
import type { SeriesChart } from './series-chart';

/** As the page has them just now. */
export interface ChartColours {
  readonly text: string;
  readonly line: string;
  readonly series: string;
  readonly surface: string;
}

const FONT = 'system-ui, sans-serif';
const LONGEST_LABEL_PX = 150;
const MOST_DOTS = 40;

/** What ECharts draws: days from left to right, ranks from top to bottom. */
export function chartOption(chart: SeriesChart, colours: ChartColours): EChartsCoreOption {
  const labels = {
    type: 'category',
    data: chart.points.map(({ label }) => label),
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: { color: colours.text, hideOverlap: true, width: LONGEST_LABEL_PX, overflow: 'truncate' },
  };
  const values = {
    type: 'value',
    axisLabel: { color: colours.text, hideOverlap: true, formatter: short },
    splitLine: { lineStyle: { color: colours.line } },
  };
  const isRanked = chart.kind === 'bar';
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    aria: { enabled: true, label: { description: describe(chart) } },
    grid: {
      left: 8,
      right: 20,
      top: 16,
      bottom: 8,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: isRanked ? { ...values, splitNumber: 3 } : labels,
    yAxis: isRanked ? { ...labels, inverse: true } : values,
    tooltip: tooltip(chart, colours),
    series: [series(chart, colours)],
  };
}

function series({ kind, valueName, points }: SeriesChart, { series: color }: ChartColours) {
  const look =
    kind === 'bar'
      ? { barMaxWidth: 22 }
      : { lineStyle: { width: 2 }, symbolSize: 5, showSymbol: points.length <= MOST_DOTS };
  return {
    type: kind,
    name: valueName,
    data: points.map(({ value }) => value),
    itemStyle: { color },
    ...look,
  };
}

function tooltip({ format }: SeriesChart, { surface, text, line }: ChartColours) {
  return {
    trigger: 'axis',
    confine: true,
    backgroundColor: surface,
    borderColor: line,
    textStyle: { color: text, fontFamily: FONT },
    valueFormatter: (value: unknown) => (typeof value === 'number' ? format(value) : 'nothing'),
  };
}

const MOST_POINTS_TOLD = 12;

/** The chart as text, for who cannot see it. */
export function describe({ kind, labelName, valueName, points, format }: SeriesChart): string {
  const told = points
    .slice(0, MOST_POINTS_TOLD)
    .map(({ label, value }) => `${label}: ${value === null ? 'nothing' : format(value)}`);
  const rest = points.length - told.length;
  const more = rest > 0 ? `, and ${String(rest)} more; the table has all` : '';
  return `A ${kind} chart of ${valueName} by ${labelName}. ${told.join(', ')}${more}.`;
}
