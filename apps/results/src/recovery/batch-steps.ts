import { ANALYSIS_NAMES, FULL_REPORT, isBatchId } from '@millrace/domain';
import type { AnalysisName, BatchStep, RequestedAnalysis, TablePaths } from '@millrace/domain';
import type { RecoveryPorts } from './ports';

const LOG_FOLDER = '_delta_log';

/** The steps that a completed batch has a table of. */
export function stepsOf(analysisType: RequestedAnalysis): readonly BatchStep[] {
  if (analysisType !== FULL_REPORT) return ['raw', 'aggregated'];
  return ['raw', ...ANALYSIS_NAMES.map((name): BatchStep => `aggregated/${name}`)];
}

/** The analysis of a member step; undefined of any other. */
export function memberOf(step: BatchStep): AnalysisName | undefined {
  return ANALYSIS_NAMES.find((name) => step === `aggregated/${name}`);
}

export function pathOf(paths: TablePaths, batchId: string, step: BatchStep): string {
  return step === 'raw' ? paths.raw(batchId) : paths.aggregated(batchId, memberOf(step));
}

/** Folders that are batches'; whatever else lies beside them is not ours to judge. */
export async function batchFolders({ tables, paths }: RecoveryPorts): Promise<string[]> {
  return (await tables.listFolders(paths.batches)).filter(isBatchId).sort();
}

/** Steps that left a folder of their own, with a table in it or without. */
export async function storedSteps({ tables, paths }: RecoveryPorts, batchId: string): Promise<BatchStep[]> {
  const steps: BatchStep[] = [];
  const folders = await tables.listFolders(`${paths.batches}/${batchId}`);
  if (folders.includes('raw')) steps.push('raw');
  if (!folders.includes('aggregated')) return steps;
  const inside = await tables.listFolders(paths.aggregated(batchId));
  const members = ANALYSIS_NAMES.filter((name) => inside.includes(name));
  // A single analysis has its table right there; so does one that was killed before it had committed.
  if (inside.includes(LOG_FOLDER) || members.length === 0) steps.push('aggregated');
  return [...steps, ...members.map((name): BatchStep => `aggregated/${name}`)];
}
