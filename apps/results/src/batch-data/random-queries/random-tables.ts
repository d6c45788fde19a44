import { ANALYSES, ANALYSIS_NAMES, RAW_ROW_ORDER } from '@millrace/domain';
import type { AnalysisName, BatchRecord, StoredColumn } from '@millrace/domain';
import * as fc from 'fast-check';
import type { ResultsFixture } from '../../results.fixture';
import type { CellType } from './cell';
import type { ModelColumn, ModelTable } from './model-table';
import type { Target } from './random-query';
import { largeTable, randomTable } from './random-table';
import type { TableForm } from './random-table';
import { formOfCounted } from './random-group';
import { storeTable } from './stored-table';

const RAW_FORM: TableForm = {
  columns: [
    { name: 'event_timestamp', type: 'timestamp' },
    { name: 'transaction_id', type: 'string' },
    { name: 'category', type: 'string' },
  ],
  order: RAW_ROW_ORDER,
  partitionColumn: 'category',
};

const FORM_OF_ANALYSIS: TableForm = {
  columns: ANALYSES.revenue_by_category.columns.map(modelColumn),
  order: ANALYSES.revenue_by_category.order,
};

/** Of the versions of a table the ones that a batch may have committed: neither the empty nor the last one. */
const COMMITTED = [1, 2, 3];
const LARGE_VERSION = 2;

/** The tables that are asked, and what names the batch that has them. */
export interface RandomTables {
  readonly small: readonly Target[];
  /** Of more than 10,000 rows. */
  readonly large: readonly Target[];
  /** The analyses of a full report. */
  readonly report: readonly Target[];
  /** Rows that analyses counted. */
  readonly counted: readonly Target[];
}

/** Batches with random tables, the same for the same seed. */
export async function storeRandomTables(
  results: ResultsFixture,
  seed: number,
  count: number,
): Promise<RandomTables> {
  const records: Partial<BatchRecord>[] = [];
  const pairs = fc.sample(fc.tuple(randomTable(RAW_FORM), randomTable(FORM_OF_ANALYSIS)), {
    numRuns: count,
    seed,
  });
  const small: Target[] = [];
  for (const [index, [raw, analysis]] of pairs.entries()) {
    const version = COMMITTED[index % COMMITTED.length] ?? 1;
    small.push(await storeBatch(results, records, 'raw', raw, version));
    small.push(await storeBatch(results, records, 'aggregated', analysis, version));
  }
  const large: Target[] = [];
  for (const isUnsorted of [false, true]) {
    const table = largeTable(RAW_FORM, isUnsorted);
    large.push(await storeBatch(results, records, 'raw', table, LARGE_VERSION));
  }
  const report = await storeReport(results, records, seed);
  const counted = await storeCounted(results, records, seed);
  results.register(...records);
  return { small, large, report, counted };
}

const idOf = (index: number) => `batch-20250115-${index.toString(16).padStart(8, '0')}`;

/** A batch of which one table is there. */
async function storeBatch(
  results: ResultsFixture,
  records: Partial<BatchRecord>[],
  kind: 'raw' | 'aggregated',
  table: ModelTable,
  version: number,
): Promise<Target> {
  const batchId = idOf(records.length);
  await storeTable(results.paths[kind](batchId), table);
  const versions = { rawVersion: BigInt(version), aggVersion: BigInt(version) };
  records.push({ ...results.completed(batchId, versions), batchId });
  const path = `/batch/data/${batchId}${kind === 'raw' ? '' : '/aggregated'}`;
  return { path, parameters: [], table, version };
}

async function storeReport(
  results: ResultsFixture,
  records: Partial<BatchRecord>[],
  seed: number,
): Promise<Target[]> {
  const batchId = idOf(records.length);
  const targets: Target[] = [];
  for (const [index, name] of ANALYSIS_NAMES.entries()) {
    const form = { columns: ANALYSES[name].columns.map(modelColumn), order: ANALYSES[name].order };
    const [table] = fc.sample(randomTable(form), { numRuns: 1, seed: seed + index });
    if (table === undefined) continue;
    await storeTable(`${results.paths.aggregated(batchId)}/${name}`, table);
    const path = `/batch/data/${batchId}/agg`;
    targets.push({ path, parameters: [['analysis', name]], table, version: 1 + (index % 3) });
  }
  records.push(reportOf(results, batchId, targets));
  return targets;
}

export function reportOf(
  results: ResultsFixture,
  batchId: string,
  targets: readonly Pick<Target, 'parameters' | 'version'>[],
): Partial<BatchRecord> {
  const executions = Object.fromEntries(
    targets.map(({ parameters, version }) => [
      `aggregated/${String(parameters[0]?.[1])}`,
      { operationId: 'o', sessionId: 's', outcome: { version, rowCount: 0 } },
    ]),
  );
  return { ...results.completed(batchId, { analysisType: 'full_report' }), batchId, executions };
}

/** For each analysis a batch with its rows, and one with those of a full report. */
async function storeCounted(
  results: ResultsFixture,
  records: Partial<BatchRecord>[],
  seed: number,
): Promise<Target[]> {
  const targets: Target[] = [];
  const table = async (names: readonly AnalysisName[], batchId: string) => {
    const [random] = fc.sample(randomTable(formOfCounted(names)), {
      numRuns: 1,
      seed: seed + records.length,
    });
    if (random === undefined) throw new Error('No table');
    await storeTable(results.paths.raw(batchId), random);
    return random;
  };
  for (const [index, counted] of ANALYSIS_NAMES.entries()) {
    const batchId = idOf(records.length);
    const version = COMMITTED[index % COMMITTED.length] ?? 1;
    const of = { rawVersion: BigInt(version), analysisType: counted };
    targets.push({ ...behind(batchId), table: await table([counted], batchId), version, counted });
    records.push({ ...results.completed(batchId, of), batchId });
  }
  const batchId = idOf(records.length);
  const all = { ...behind(batchId), table: await table(ANALYSIS_NAMES, batchId), version: 1 };
  const ofReport = ANALYSIS_NAMES.map((counted) => ({
    ...all,
    parameters: [['analysis', counted] as const],
    counted,
  }));
  records.push(reportOf(results, batchId, ofReport));
  return [...targets, ...ofReport];
}

const behind = (batchId: string) => ({ path: `/batch/data/${batchId}/aggregated/rows`, parameters: [] });

export function modelColumn({ name, type }: Pick<StoredColumn, 'name' | 'type'>): ModelColumn {
  const types: Readonly<Record<string, CellType>> = { bigint: 'long', int: 'integer' };
  return { name, type: types[type] ?? (type as CellType) };
}
