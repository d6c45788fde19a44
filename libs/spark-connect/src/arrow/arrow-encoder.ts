import { RecordBatch, RecordBatchStreamWriter, Schema, Struct, makeData } from 'apache-arrow';
import type { StructField, StructType } from '../types/data-type';
import { encodedColumn, type EncodedColumn } from './column-encoder';
import { checkFields, type InputRow, type InputTuple } from './input-values';

type Rows = readonly (InputRow | InputTuple)[];

/** The reader needs the memory of a batch in one piece, rounded up to a power of two: many small batches spare it that. */
const BATCH_ROWS = 10_000;

/**
 * Rows, keyed by column name or in the order of the columns, as one Arrow IPC stream with the columns of the schema: at least one batch,
 * also for no rows.
 * @throws TypeError naming row (from 0) and column of a value that does not fit, RangeError for one that is too large, TypeError for two columns
 * of one name.
 */
export function encodeRows(rows: Rows, schema: StructType): Uint8Array {
  refuseDuplicates(schema);
  refuseMisfits(rows, schema);
  const batches: RecordBatch[] = [];
  for (let first = 0; first === 0 || first < rows.length; first += BATCH_ROWS) {
    batches.push(recordBatch(rows.slice(first, first + BATCH_ROWS), schema, first));
  }
  return RecordBatchStreamWriter.writeAll(batches).toUint8Array(true);
}

/** The server renames the columns by name and fails where two share one. */
function refuseDuplicates({ fieldNames }: StructType): void {
  const twice = fieldNames.find((name, at) => fieldNames.indexOf(name) !== at);
  if (twice !== undefined) throw new TypeError(`two columns are named ${twice}: rename them with toDF`);
}

function refuseMisfits(rows: Rows, schema: StructType): void {
  const check = checkFields(schema, 'column');
  for (const [at, row] of rows.entries()) {
    try {
      check(row);
    } catch (error) {
      throw located(error, `row ${String(at)}`);
    }
  }
}

function recordBatch(rows: Rows, schema: StructType, firstRow: number): RecordBatch {
  const columns = schema.fields.map((field, at) => topLevelColumn(rows, field, at, firstRow));
  const data = makeData({
    type: new Struct(columns.map(({ field }) => field)),
    length: rows.length,
    nullCount: 0,
    children: columns.map((column) => column.data),
  });
  return new RecordBatch(new Schema(data.type.children), data);
}

function topLevelColumn(rows: Rows, field: StructField, at: number, firstRow: number): EncodedColumn {
  try {
    return encodedColumn(rows, field, at);
  } catch (error) {
    refuseRow(rows, field, at, firstRow);
    throw error;
  }
}

/** Finds the row that cannot be sent; encoding whole columns does not know it. */
function refuseRow(rows: Rows, field: StructField, at: number, firstRow: number): void {
  for (const [row, value] of rows.entries()) {
    try {
      encodedColumn([value], field, at);
    } catch (error) {
      throw located(error, `row ${String(firstRow + row)}, column ${field.name}`);
    }
  }
}

/** The same failure of a value, with the place of the value. */
function located(error: unknown, place: string): unknown {
  const message = `${place}: ${error instanceof Error ? error.message : String(error)}`;
  return error instanceof RangeError
    ? new RangeError(message, { cause: error })
    : new TypeError(message, { cause: error });
}
