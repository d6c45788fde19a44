import { STREAMED, streamedEntry, streamedTableColumns } from '@millrace/domain';
import type { StreamedAnalysis } from '@millrace/domain';
import { collect_set, size } from 'spark-connect-js/functions';
import { selectCatalogColumns } from '../catalog-columns';
import type { AggregateQueryPlan, BatchAnalysis, CountDistinct, StreamTable } from '../pipeline';

/** Spark refuses a distinct count on a stream; the set of values is what it would have to keep anyway. */
const countInSet: CountDistinct = (column) => size(collect_set(column));

/** The same aggregate as the batch's, over all rows that the table has and gets. */
export function streamedAnalysis(
  name: StreamedAnalysis,
  analysis: BatchAnalysis,
  source: StreamTable,
): AggregateQueryPlan {
  return {
    kind: 'aggregate',
    name,
    transform: (stored) => selectCatalogColumns(analysis.aggregate(stored, countInSet), streamedEntry(name)),
    source,
    reads: 'all rows',
    table: { path: name, columns: streamedTableColumns(name), partitionBy: [] },
    keys: STREAMED[name].groupBy,
    triggerIntervalMs: 10_000,
  };
}
