import { ANALYSES, ANALYSIS_NAMES } from '@millrace/domain';
import type { AnalysisName, BatchRecord } from '@millrace/domain';
import * as fc from 'fast-check';
import type { ResultsFixture } from '../../results.fixture';
import type { CellType } from './cell';
import { keysOf } from './counted-rows';
import { keyText } from './expected-comparison';
import type { ModelResult } from './expected-comparison';
import type { ModelColumn, ModelFile, Row } from './model-table';
import { ODD_TEXTS, cellOf } from './random-cell';
import { MORE_COLUMNS, timeOf } from './random-table';
import { modelColumn, reportOf } from './random-tables';
import { storeTable } from './stored-table';

/** A result that is stored. */
export interface RandomResult extends ModelResult {
  readonly batchId: string;
  /** Whether the batch has other analyses too. */
  readonly isOfReport: boolean;
}

/** A column of a result: as the others have it, with another type, or not there. */
const FATES = ['same', 'same', 'same', 'other', 'absent'] as const;
type Fate = (typeof FATES)[number];

const MAX_GROUPS = 14;
const MAX_FILES = 3;
/** Few, so that groups of several keys have some in common. */
const KEYS = ['', 'books', 'Books', '\uFFFF', '\u{1F600}', 'a\0b'];
const VERSION = 1;

/** Of each analysis results with groups in common, one of them in a full report. */
export async function storeRandomResults(
  results: ResultsFixture,
  seed: number,
  count: number,
): Promise<RandomResult[]> {
  const stored: RandomResult[] = [];
  const report = idOf(0);
  for (const [index, analysis] of ANALYSIS_NAMES.entries()) {
    const families = fc.sample(randomFamily(analysis), { numRuns: count, seed: seed + index });
    for (const [place, result] of families.flat().entries()) {
      const isOfReport = place === 0;
      const batchId = isOfReport ? report : idOf(1 + stored.length);
      const path = results.paths.aggregated(batchId);
      await storeTable(isOfReport ? `${path}/${analysis}` : path, tableOf(result));
      stored.push({ ...result, batchId, isOfReport });
    }
  }
  const parts = ANALYSIS_NAMES.map((name) => ({
    parameters: [['analysis', name] as const],
    version: VERSION,
  }));
  results.register(reportOf(results, report, parts), ...recordsOf(results, stored));
  return stored;
}

function recordsOf(results: ResultsFixture, stored: readonly RandomResult[]): Partial<BatchRecord>[] {
  const single = stored.filter(({ isOfReport }) => !isOfReport);
  return single.map(({ batchId, analysis: analysisType }) => results.completed(batchId, { analysisType }));
}

const idOf = (index: number) => `batch-20250116-${index.toString(16).padStart(8, '0')}`;

/** Three results of the same groups, more or less. */
function randomFamily(analysis: AnalysisName): fc.Arbitrary<ModelResult[]> {
  return fc.subarray([...MORE_COLUMNS]).chain((more) => {
    const columns = [...ANALYSES[analysis].columns.map(modelColumn), ...more];
    const cells = columns.map(({ name, type }) => randomCell(analysis, name, type));
    const rows = fc.uniqueArray(fc.tuple(...cells), {
      maxLength: MAX_GROUPS,
      selector: (row: Row) => keyText({ analysis, columns, rows: [] }, row),
    });
    return rows.chain((all) => {
      const result = randomResult({ analysis, columns, rows: all }, more);
      return fc.tuple(result, result, result);
    });
  });
}

function randomCell(analysis: AnalysisName, name: string, type: CellType) {
  const keys = keysOf(analysis);
  if (!keys.includes(name) || type !== 'string') return cellOf(type, true);
  return fc.option(fc.constantFrom(...(keys.length === 1 ? ODD_TEXTS : KEYS)), { freq: 5 });
}

/** Some groups of one, with some other values, and some columns otherwise. */
function randomResult(of: ModelResult, more: readonly ModelColumn[]): fc.Arbitrary<ModelResult> {
  const fates = fc.tuple(...more.map(() => fc.constantFrom(...FATES)));
  const own = of.columns.length - more.length;
  return fates.chain((random) => {
    const fateOf = (index: number): Fate => random[index - own] ?? 'same';
    const columns = of.columns.flatMap((column, index) => columnsOf(column, fateOf(index)));
    const rows = of.rows.map((row) => fc.option(randomRow(of, row, fateOf), { freq: 4 }));
    return fc.tuple(...rows).map((some) => ({ ...of, columns, rows: some.filter((row) => row !== null) }));
  });
}

function columnsOf({ name, type }: ModelColumn, fate: Fate): ModelColumn[] {
  if (fate === 'absent') return [];
  return [{ name, type: fate === 'same' ? type : otherType(type) }];
}

const otherType = (type: CellType): CellType => (type === 'integer' ? 'long' : 'integer');

/** With the same values, with some others, or with others only. */
function randomRow(
  { analysis, columns }: ModelResult,
  row: Row,
  fateOf: (index: number) => Fate,
): fc.Arbitrary<Row> {
  const keys = keysOf(analysis);
  return fc.constantFrom(0, 1, 5).chain((others) => {
    const cells = columns.flatMap(({ name, type }, index) => {
      const fate = fateOf(index);
      if (fate === 'absent') return [];
      if (fate === 'other') return [cellOf(otherType(type), true)];
      const known = fc.constant(row[index] ?? null);
      if (keys.includes(name)) return [known];
      return [
        fc.oneof({ weight: 5 - others, arbitrary: known }, { weight: others, arbitrary: cellOf(type, true) }),
      ];
    });
    return fc.tuple(...cells);
  });
}

/** In some files. */
function tableOf({ analysis, columns, rows }: ModelResult) {
  const files = Array.from({ length: MAX_FILES }, (_, file): ModelFile => ({
    path: `${file}.parquet`,
    columns,
    rows: rows.filter(
      (__, row) => row % (MAX_FILES + 1) === file || (file === 0 && row % (MAX_FILES + 1) === MAX_FILES),
    ),
    stats: 'full',
    partition: null,
  }));
  const version = (number: number, of: readonly ModelFile[]) => ({
    version: number,
    time: timeOf(number),
    columns,
    files: of,
  });
  return {
    partitionColumn: undefined,
    order: ANALYSES[analysis].order,
    versions: [version(0, []), version(VERSION, rows.length === 0 ? [] : files)],
    [fc.toStringMethod]: () => 'table',
  };
}
