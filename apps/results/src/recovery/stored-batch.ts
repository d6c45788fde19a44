import { ANALYSES, ANALYSIS_NAMES, FULL_REPORT } from '@millrace/domain';
import type { BatchDescription, BatchStep, RequestedAnalysis } from '@millrace/domain';
import { memberOf, pathOf, stepsOf, storedSteps } from './batch-steps';
import type { RecoveryPorts } from './ports';
import { readStoredTable } from './stored-table';
import type { StoredTable } from './stored-table';

/** Everything that the folder of a batch tells. */
export interface StoredBatch {
  readonly batchId: string;
  /** Of the newest commit that carries one. */
  readonly description: BatchDescription | undefined;
  /** Undefined when neither words nor tables tell. */
  readonly analysisType: RequestedAnalysis | undefined;
  /** By step, as far as there is a folder. */
  readonly tables: readonly StoredTable[];
  /** What is missing for a completed batch, each in words; empty: nothing. */
  readonly missing: readonly string[];
  /** ISO-8601 UTC with microseconds; null: no row, or not known. */
  readonly maxEventTimestamp: string | null;
}

export async function readStoredBatch(ports: RecoveryPorts, batchId: string): Promise<StoredBatch> {
  const tables: StoredTable[] = [];
  for (const step of await storedSteps(ports, batchId)) {
    tables.push(await readStoredTable(ports.tables, batchId, step, pathOf(ports.paths, batchId, step)));
  }
  const description = newestDescription(tables);
  const analysisType = description?.analysisType ?? analysisOf(tables);
  const missing = missingParts(tables, analysisType);
  if (missing.length > 0) {
    return { batchId, description, analysisType, tables, missing, maxEventTimestamp: null };
  }
  const maxEventTimestamp = await latestEvent(ports.tables, tables);
  return {
    batchId,
    description,
    analysisType,
    tables,
    missing: maxEventTimestamp === undefined ? ['raw: its events cannot be read'] : [],
    maxEventTimestamp: maxEventTimestamp ?? null,
  };
}

/** Of the newest commit that has one. The source is pinned once, so any that tells it will do: the others precede that. */
function newestDescription(tables: readonly StoredTable[]): BatchDescription | undefined {
  const descriptions = tables
    .flatMap(({ commit }) => commit ?? [])
    .sort((a, b) => (b.time?.getTime() ?? 0) - (a.time?.getTime() ?? 0))
    .flatMap(({ description }) => description ?? []);
  const [newest] = descriptions;
  const pinned = descriptions.find(({ sourceVersion }) => sourceVersion !== null);
  if (newest === undefined || pinned === undefined) return newest;
  return { ...newest, sourcePath: pinned.sourcePath, sourceVersion: pinned.sourceVersion };
}

/** Of a batch whose commits do not say: by its folders, or by the columns of its analysis. */
function analysisOf(tables: readonly StoredTable[]): RequestedAnalysis | undefined {
  if (tables.some(({ step }) => memberOf(step) !== undefined)) return FULL_REPORT;
  const state = tables.find(({ step }) => step === 'aggregated')?.state;
  if (state?.kind !== 'readable') return undefined;
  const stored = state.snapshot.schema.map((field) => field.name).join();
  return ANALYSIS_NAMES.find((name) => ANALYSES[name].columns.map((column) => column.name).join() === stored);
}

function missingParts(tables: readonly StoredTable[], analysisType: RequestedAnalysis | undefined): string[] {
  const steps: readonly BatchStep[] =
    analysisType === undefined ? ['raw', 'aggregated'] : stepsOf(analysisType);
  const missing = steps.flatMap((step) => {
    const state = tables.find((table) => table.step === step)?.state;
    if (state === undefined) return [`${step}: there is no table`];
    return state.kind === 'readable' ? [] : [`${step}: ${state.message}`];
  });
  return analysisType === undefined ? [...missing, 'nothing tells which analysis it was'] : missing;
}

/** Read from the rows: the log keeps only milliseconds. Undefined when they cannot be read. */
async function latestEvent(
  tables: RecoveryPorts['tables'],
  stored: readonly StoredTable[],
): Promise<string | null | undefined> {
  const state = stored.find(({ step }) => step === 'raw')?.state;
  if (state?.kind !== 'readable') return undefined;
  try {
    const json = String(
      (
        await tables.readPage(state.snapshot, {
          columns: ['event_timestamp'],
          order: [{ column: 'event_timestamp', direction: 'desc' }],
          limit: 1,
          offset: 0,
        })
      ).bytes,
    );
    const [row] = JSON.parse(json) as readonly { readonly event_timestamp: string | null }[];
    // Pages leave the last three digits out where they are zero.
    return row?.event_timestamp?.replace(/\.(\d{3})Z$/, '.$1000Z') ?? null;
  } catch {
    return undefined;
  }
}
