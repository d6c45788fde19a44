import type { AnalysisName } from '../analysis/analysis-catalog';
import { STREAMED_ANALYSES } from '../analysis/streamed-analysis';
import type { StreamedAnalysis } from '../analysis/streamed-analysis';
import { isBatchId } from './batch-id';

/** Analyses that a stream keeps, by their names. */
type StreamedPaths = Readonly<Record<StreamedAnalysis, string>>;

/** Where the stream's tables and the results of batches live below the Delta base path (a directory or a URI). */
export interface TablePaths extends StreamedPaths {
  readonly transactions: string;
  readonly aggregations: string;
  /** Events that do not keep the contract. */
  readonly rejects: string;
  /** What the historical seeder writes when it is told to keep to itself. */
  readonly seed: string;
  /** Folder of everything that batches wrote. */
  readonly batches: string;
  raw(batchId: string): string;
  /** Of a single analysis, or of one member of a full report. */
  aggregated(batchId: string, member?: AnalysisName): string;
  /** @param source What the query reads: a topic, or a table by its name here. */
  checkpoint(queryName: string, source: string): string;
}

/** @param basePath directory or URI, without a slash at its end. */
export function tablePaths(basePath: string, checkpointBasePath = `${basePath}/_checkpoints`): TablePaths {
  const batch = (batchId: string, table: string) => {
    if (!isBatchId(batchId)) throw new Error(`Not a batch id: ${JSON.stringify(batchId)}`);
    return `${basePath}/batches/${batchId}/${table}`;
  };
  const streamed = STREAMED_ANALYSES.map((name) => [name, `${basePath}/stream/analyses/${name}`]);
  return {
    ...(Object.fromEntries(streamed) as StreamedPaths),
    transactions: `${basePath}/stream/transactions`,
    aggregations: `${basePath}/stream/stream_aggregations`,
    rejects: `${basePath}/stream/rejects`,
    seed: `${basePath}/seed/transactions`,
    batches: `${basePath}/batches`,
    raw: (batchId) => batch(batchId, 'raw'),
    aggregated: (batchId, member) =>
      batch(batchId, member === undefined ? 'aggregated' : `aggregated/${member}`),
    checkpoint: (queryName, source) => `${checkpointBasePath}/${source}/${queryName}`,
  };
}
