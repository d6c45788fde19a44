import type { CommitInfo } from '@millrace/delta';
import { batchDescriptionSchema } from '@millrace/domain';
import type { BatchDescription, BatchStep } from '@millrace/domain';
import { z } from 'zod';
import { inspectTable, tableProblem } from './inspect-table';
import type { ReadableTable, TableProblem } from './inspect-table';
import type { RecoveryPorts } from './ports';

/** What is left on disk of a step. */
export interface StoredTable {
  readonly step: BatchStep;
  /** Undefined when no commit can be read. */
  readonly commit: StepCommit | undefined;
  readonly state: ReadableTable | TableProblem;
}

/** The commit with the rows of the step, and what it tells of its batch. */
export interface StepCommit {
  readonly version: number;
  readonly time: Date | undefined;
  readonly operationId: string | undefined;
  readonly description: BatchDescription | undefined;
}

const commitWordsSchema = z.object({
  step: z.string(),
  operationId: z.string().optional(),
  batch: z.unknown(),
});

export async function readStoredTable(
  tables: RecoveryPorts['tables'],
  batchId: string,
  step: BatchStep,
  path: string,
): Promise<StoredTable> {
  try {
    const commit = stepCommit(await tables.commitInfos(path), batchId, step);
    const state = await inspectTable(tables, path, commit.version);
    return { step, commit, state };
  } catch (error) {
    return { step, commit: undefined, state: tableProblem(error) };
  }
}

/** Upkeep may have committed since. The rows are the same in every version, so without words the newest will do. */
function stepCommit(infos: readonly CommitInfo[], batchId: string, step: BatchStep): StepCommit {
  for (const info of infos) {
    const words = commitWordsSchema.safeParse(parsedJson(info.userMetadata));
    if (words.data?.step !== step) continue;
    const { operationId, batch } = words.data;
    return { version: info.version, time: info.timestamp, operationId, description: ofBatch(batch, batchId) };
  }
  const [newest] = infos;
  const version = newest?.version ?? 0;
  return { version, time: newest?.timestamp, operationId: undefined, description: undefined };
}

/** A folder may be a copy of another batch's: then its words are about that one. */
function ofBatch(batch: unknown, batchId: string): BatchDescription | undefined {
  const { data } = batchDescriptionSchema.safeParse(batch);
  return data?.batchId === batchId && data.uuid.startsWith(batchId.slice(-8)) ? data : undefined;
}

function parsedJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
