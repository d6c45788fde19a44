import type { ECharts } from 'echarts/core';
import { useEffect, useRef } from 'preact/hooks';
import { coloursChanged } from '../shell/theme';
import { chartOption } from './chart-option';
import type { ChartColours } from './chart-option';
import type { SeriesChart } from './series-chart';

const LINE_HEIGHT_PX = 30;
const AXIS_PX = 48;
const LINE_CHART_PX = 280;

/** A drawing; the table beside it has the figures. */
export function Chart({ chart }: { readonly chart: SeriesChart }) {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<ECharts | null>(null);
  const colours = coloursChanged.value;

  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    let isGone = false;
    // Most of the code of these pages: a page without a chart goes without.
    void import('./echarts-parts').then(({ init }) => {
      if (isGone) return;
      drawn.current ??= init(current, undefined, { renderer: 'svg' });
      drawn.current.setOption(chartOption(chart, coloursOf(current)), { notMerge: true });
    });
    return () => {
      isGone = true;
    };
  }, [chart, colours]);

  useEffect(() => {
    const { current } = element;
    const resizes = new ResizeObserver(() => drawn.current?.resize());
    if (current !== null) resizes.observe(current);
    return () => {
      resizes.disconnect();
      drawn.current?.dispose();
    };
  }, []);

  const height = chart.kind === 'bar' ? AXIS_PX + chart.points.length * LINE_HEIGHT_PX : LINE_CHART_PX;
  return <div class="chart" ref={element} style={{ height: `${String(height)}px` }} />;
}

/** The colours of the style sheet as they are now: a drawing takes values, no names. */
function coloursOf(element: Element): ChartColours {
  const probe = document.createElement('span');
  element.parentElement?.append(probe);
  const colourOf = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    text: colourOf('muted'),
    line: colourOf('border'),
    series: colourOf('series'),
    surface: colourOf('surface'),
  };
  probe.remove();
  return colours;
}
