import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import { DeltaTableFixture, metadataAction, protocolAction } from '@millrace/delta/fixtures';
import { ANALYSES, STORED_TRANSACTION_COLUMNS, describeBatch, tablePaths } from '@millrace/domain';
import type { AnalysisName, BatchRecord, BatchRegistry, BatchStep, Column } from '@millrace/domain';
import { InMemoryBatchRegistry, aBatch } from '@millrace/testing';
import { deltaSchema, transactionsSql } from '../results.fixture';
import { memberOf, pathOf, stepsOf } from './batch-steps';
import type { RecoveryPorts } from './ports';
import { recoverRegistry } from './recover-registry';

export const RETENTION_MS = 7 * 86_400_000;
/** When the registry is rebuilt. */
export const NOW = new Date('2025-02-01T00:00:00Z');
const START_TIME = new Date('2025-01-15T10:30:01.000Z');
const FIRST_COMMIT_MS = Date.parse('2025-01-15T10:30:02.345Z');
/** Of the last of three events; its microseconds are what the log's own statistics lose. */
export const LAST_EVENT = '2025-01-31T23:59:59.999998Z';

export interface StepFiles {
  /** Undefined: as the orchestrator writes it. */
  readonly userMetadata?: unknown;
  readonly rows?: number;
  readonly hasStatistics?: boolean;
  readonly columns?: readonly Column[];
}

/** Tables of batches as the orchestrator writes them, and the records that belong to them. */
export class RecoveryFixture {
  /** What is rebuilt; empty unless the spec puts another one here. */
  registry = new InMemoryBatchRegistry();
  private readonly opened: DeltaTableFixture[] = [];

  private constructor(
    readonly folder: string,
    readonly basePath: string,
    readonly tables: DeltaTables,
  ) {}

  static async create(): Promise<RecoveryFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'recovery spec '));
    const basePath = join(folder, 'delta');
    return new RecoveryFixture(folder, basePath, DeltaTables.open({ root: basePath }));
  }

  get paths() {
    return tablePaths(this.basePath);
  }

  ports(batches: Pick<BatchRegistry, 'find' | 'list' | 'recover'>): RecoveryPorts {
    return { batches, tables: this.tables, paths: this.paths };
  }

  recover(batches: RecoveryPorts['batches'] = this.registry) {
    return recoverRegistry(this.ports(batches), { retentionMs: RETENTION_MS, now: () => NOW });
  }

  /** What the registry has of a batch after a rebuild. */
  async rowOf({ batchId }: Pick<BatchRecord, 'batchId'>): Promise<BatchRecord> {
    const row = await this.registry.find(batchId);
    if (row === undefined) throw new Error(`${batchId} was not recovered`);
    return row;
  }

  /** A batch that has completed: three rows in the raw table, one in each analysis. */
  completed(overrides: Partial<BatchRecord> = {}): BatchRecord {
    const batch = aBatch({ status: 'COMPLETED', startTime: START_TIME, ...overrides });
    const { batchId, analysisType } = batch;
    const steps = stepsOf(analysisType);
    const endTime = commitTime(steps.length - 1);
    return {
      ...batch,
      endTime,
      expiresAt: new Date(endTime.getTime() + RETENTION_MS),
      rowCount: 3n,
      maxEventTimestamp: LAST_EVENT,
      deltaRawPath: this.paths.raw(batchId),
      deltaAggPath: this.paths.aggregated(batchId),
      rawVersion: 0n,
      aggVersion: analysisType === 'full_report' ? null : 0n,
      executions: Object.fromEntries(
        steps.map((step) => [
          step,
          {
            operationId: operationIdOf(step),
            sessionId: 'session',
            outcome: { version: 0, rowCount: step === 'raw' ? 3 : 1 },
          },
        ]),
      ),
      ...overrides,
    };
  }

  /** All tables of a batch. */
  async write(record: BatchRecord): Promise<void> {
    for (const step of stepsOf(record.analysisType)) await this.writeStep(record, step);
  }

  async writeStep(record: BatchRecord, step: BatchStep, files: StepFiles = {}): Promise<DeltaTableFixture> {
    const table = await this.table(record.batchId, step);
    const rows = files.rows ?? (step === 'raw' ? 3 : 1);
    const columns = files.columns ?? columnsOf(record, step);
    const add = await table.data(
      'part-0.parquet',
      step === 'raw' ? rawSql(rows) : analysisSql(columns, rows),
    );
    const words = files.userMetadata ?? {
      step,
      operationId: operationIdOf(step),
      batch: describeBatch(record),
    };
    await table.commit(0, [
      {
        commitInfo: {
          timestamp: commitTime(stepsOf(record.analysisType).indexOf(step)).getTime(),
          operation: 'WRITE',
          userMetadata: typeof words === 'string' ? words : JSON.stringify(words),
        },
      },
      protocolAction(),
      metadataAction(deltaSchema(columns)),
      ...(rows === 0 ? [] : [files.hasStatistics === false ? withoutStatistics(add) : add]),
    ]);
    return table;
  }

  /** The folder of a step with an empty log. */
  async table(batchId: string, step: BatchStep): Promise<DeltaTableFixture> {
    const table = await DeltaTableFixture.create(pathOf(this.paths, batchId, step));
    this.opened.push(table);
    return table;
  }

  async close(): Promise<void> {
    for (const table of this.opened) table.close();
    await this.tables.close();
    await rm(this.folder, { recursive: true });
  }
}

export const operationIdOf = (step: BatchStep) => `operation of ${step}`;

/** The steps commit one after another. */
function commitTime(index: number): Date {
  return new Date(FIRST_COMMIT_MS + Math.max(index, 0) * 1_000);
}

function columnsOf({ analysisType }: BatchRecord, step: BatchStep): readonly Column[] {
  if (step === 'raw') return STORED_TRANSACTION_COLUMNS;
  return ANALYSES[memberOf(step) ?? (analysisType as AnalysisName)].columns;
}

const rawSql = (rows: number) =>
  transactionsSql(rows, {
    transaction_id: 'range::VARCHAR',
    event_timestamp: `TIMESTAMPTZ '${LAST_EVENT}' - to_microseconds(${String(rows - 1)} - range)`,
  });

const analysisSql = (columns: readonly Column[], rows: number) =>
  `SELECT ${columns.map(({ name }) => `NULL AS ${name}`).join(', ')} FROM range(${String(rows)})`;

function withoutStatistics(action: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { add: { ...(action['add'] as object), stats: undefined } };
}
