import type { Column } from '../column';
import { ascending, nullable, required } from '../analysis/analysis-entry';
import type { AnalysisEntry } from '../analysis/analysis-entry';
import type { AnalysisColumns } from './analysis-section';

export type DatasetAnalysisName = 'daily_metrics' | 'kpis';

/** Counts, sums, averages and rates of a group of records, in the order of C-015. */
function measures({ numerics, booleans }: AnalysisColumns): Column[] {
  return [
    required('record_count', 'bigint'),
    ...numerics.map((name) => required(`sum_${name}`, 'double')),
    ...booleans.map((name) => required(`count_${name}`, 'bigint')),
    // Of no records there are none.
    ...numerics.map((name) => nullable(`avg_${name}`, 'double')),
    ...booleans.map((name) => nullable(`rate_${name}`, 'double')),
  ];
}

/** The analyses of a data set, whose columns follow from what its definition says of it. */
export function datasetAnalyses(
  analysis: AnalysisColumns,
): Readonly<Record<DatasetAnalysisName, AnalysisEntry>> {
  const groups = [`${analysis.timestamp}_date`, ...analysis.dimensions];
  return {
    daily_metrics: {
      name: 'daily_metrics',
      title: 'Metrics by day',
      description: 'Counts, sums, averages and rates of each day and combination of dimensions',
      columns: [
        ...groups.map((name, index) => nullable(name, index === 0 ? 'date' : 'string')),
        ...measures(analysis),
      ],
      order: groups.map(ascending),
    },
    kpis: {
      name: 'kpis',
      title: 'Key figures',
      description: 'One row: the same figures of all records',
      columns: measures(analysis),
      order: [],
    },
  };
}
