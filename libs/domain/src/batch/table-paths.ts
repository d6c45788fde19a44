import type { AnalysisName } from '../analysis/analysis-catalog';
import { isBatchId } from './batch-id';

/** Where the stream's tables and the results of batches live below the Delta base path (a directory or a URI). */
export interface TablePaths {
  readonly transactions: string;
  readonly aggregations: string;
  /** What the historical seeder writes when it is told to keep to itself. */
  readonly seed: string;
  /** Folder of everything that batches wrote. */
  readonly batches: string;
  raw(batchId: string): string;
  /** Of a single analysis, or of one member of a full report. */
  aggregated(batchId: string, member?: AnalysisName): string;
  checkpoint(queryName: string, topic: string): string;
}

/** @param basePath directory or URI, without a slash at its end. */
export function tablePaths(basePath: string, checkpointBasePath = `${basePath}/_checkpoints`): TablePaths {
  const batch = (batchId: string, table: string) => {
    if (!isBatchId(batchId)) throw new Error(`Not a batch id: ${JSON.stringify(batchId)}`);
    return `${basePath}/batches/${batchId}/${table}`;
  };
  return {
    transactions: `${basePath}/stream/transactions`,
    aggregations: `${basePath}/stream/stream_aggregations`,
    seed: `${basePath}/seed/transactions`,
    batches: `${basePath}/batches`,
    raw: (batchId) => batch(batchId, 'raw'),
    aggregated: (batchId, member) =>
      batch(batchId, member === undefined ? 'aggregated' : `aggregated/${member}`),
    checkpoint: (queryName, topic) => `${checkpointBasePath}/${topic}/${queryName}`,
  };
}
