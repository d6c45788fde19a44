import { datasetAnalyses } from '@millrace/domain';
import type { AnalysisColumns, DatasetAnalysisName } from '@millrace/domain';
import type { Column, DataFrame } from 'spark-connect-js';
import { coalesce, col, count, count_if, lit, round, sum, try_divide } from 'spark-connect-js/functions';
import { orderByCatalog, selectCatalogColumns } from '../catalog-columns';
import type { BatchAnalysis } from '../pipeline';
import { summable } from './clean-records';

const SUM_DECIMALS = 2;

/** Analyses of clean records (C-015, C-016): the same expressions by day and dimensions, and over all. */
export function schemaDrivenAnalyses(
  analysis: AnalysisColumns,
): Readonly<Record<DatasetAnalysisName, BatchAnalysis>> {
  const { daily_metrics: daily, kpis } = datasetAnalyses(analysis);
  const groups = [`${analysis.timestamp}_date`, ...analysis.dimensions];
  const [first, ...others] = measures(analysis);
  return {
    daily_metrics: {
      entry: daily,
      aggregate: (records) => withRatios(records.groupBy(...groups).agg(first, ...others), analysis),
      finish: (aggregated) => orderByCatalog(selectCatalogColumns(aggregated, daily), daily),
    },
    kpis: {
      entry: kpis,
      aggregate: (records) => withRatios(records.agg(first, ...others), analysis),
      finish: (aggregated) => selectCatalogColumns(aggregated, kpis),
    },
  };
}

function measures({ numerics, booleans }: AnalysisColumns): [Column, ...Column[]] {
  return [
    count(lit(1)).alias('record_count'),
    ...numerics.map((name) => coalesce(sum(summable(name)), lit(0)).alias(`sum_${name}`)),
    ...booleans.map((name) => count_if(col(name)).alias(`count_${name}`)),
  ];
}

/** Averages come from the whole sums, which are rounded after them. */
function withRatios(aggregated: DataFrame, { numerics, booleans }: AnalysisColumns): DataFrame {
  const perRecord = (name: string) => try_divide(col(name).cast('double'), col('record_count'));
  const averages = numerics.map((name) => perRecord(`sum_${name}`).alias(`avg_${name}`));
  const rates = booleans.map((name) => perRecord(`count_${name}`).alias(`rate_${name}`));
  const all = aggregated.select('*', ...averages, ...rates);
  return numerics.reduce(
    (rounded, name) => rounded.withColumn(`sum_${name}`, round(col(`sum_${name}`), SUM_DECIMALS)),
    all,
  );
}
