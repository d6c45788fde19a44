import { isBatchId } from './batch-id';

/** Where the stream's tables and the results of batches live below the Delta base path (a directory or a URI). */
export interface TablePaths {
  readonly transactions: string;
  readonly aggregations: string;
  raw(batchId: string): string;
  aggregated(batchId: string): string;
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
    raw: (batchId) => batch(batchId, 'raw'),
    aggregated: (batchId) => batch(batchId, 'aggregated'),
    checkpoint: (queryName, topic) => `${checkpointBasePath}/${topic}/${queryName}`,
  };
}
