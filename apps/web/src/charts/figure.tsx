import { useState } from 'preact/hooks';
import { cell } from '../figures/format';
import { Empty } from '../states/states';
import { Chart } from './chart';
import { DataTable } from './data-table';
import type { SeriesChart } from './series-chart';

interface FigureProps {
  readonly title: string;
  readonly note?: string;
  readonly chart: SeriesChart;
}

/** A chart that can be read as a table. */
export function Figure({ title, note, chart }: FigureProps) {
  const [isTable, setIsTable] = useState(false);
  const isEmpty = chart.points.length === 0;
  return (
    <section class="card" aria-label={title}>
      <div class="head">
        <h2>{title}</h2>
        {!isEmpty && (
          <button
            type="button"
            class="quiet"
            aria-pressed={isTable}
            onClick={() => {
              setIsTable(!isTable);
            }}
          >
            Show as table
          </button>
        )}
      </div>
      {note !== undefined && <p class="note">{note}</p>}
      {isEmpty ? (
        <Empty>
          <p>There is nothing to draw: the result has no rows.</p>
        </Empty>
      ) : isTable ? (
        <PointTable title={title} chart={chart} />
      ) : (
        <Chart chart={chart} />
      )}
    </section>
  );
}

function PointTable({ title, chart }: { readonly title: string; readonly chart: SeriesChart }) {
  const { labelName, valueName, points, format } = chart;
  return (
    <DataTable
      caption={title}
      columns={[
        { name: labelName, type: 'string' },
        { name: valueName, type: 'double' },
      ]}
      rows={points.map(({ label, value }) => ({ [labelName]: label, [valueName]: value }))}
      total={points.length}
      format={(value, column) => (typeof value === 'number' ? format(value) : cell(value, column))}
    />
  );
}
