import { create, toBinary } from '@bufbuild/protobuf';
import { encodeRows } from '../arrow/arrow-encoder';
import { inferSchema } from '../arrow/infer-schema';
import { isList, type InputRow, type InputTuple } from '../arrow/input-values';
import { LocalRelationSchema } from '../generated/spark/connect/relations_pb';
import type { RelationType } from '../plan/relation';
import { StructType } from '../types/data-type';
import { toJson } from '../types/data-type-text';
import type { SparkConnectClient } from './spark-connect-client';

/** Rows to be sent: objects keyed by column name, or lists in the order of the columns. */
export type InputRows = readonly InputRow[] | readonly InputTuple[];

/** The schema of rows, or the names of their columns, the types of which are then inferred. */
export type InputSchema = StructType | readonly string[];

/** The relation of local rows: they travel inside the plan or, if they are many, once on their own. */
export function localRelation(
  client: SparkConnectClient,
  rows: InputRows,
  schema: InputSchema | undefined,
): RelationType {
  const type = schemaOf(rows, schema);
  refuseOtherWidths(rows, type);
  const local = create(LocalRelationSchema, { data: encodeRows(rows, type), schema: toJson(type) });
  const { localData, settings } = client.parts;
  if ((local.data?.length ?? 0) <= settings.localRelationCacheThresholdBytes)
    return { case: 'localRelation', value: local };
  return { case: 'cachedLocalRelation', value: localData.add(toBinary(LocalRelationSchema, local)) };
}

/** The relation of no rows and no columns. */
export function emptyRelation(): RelationType {
  return { case: 'localRelation', value: { schema: toJson(new StructType()) } };
}

function schemaOf(rows: InputRows, schema: InputSchema | undefined): StructType {
  if (schema === undefined) return inferSchema(rows);
  if (!isNames(schema)) return schema;
  if (rows.every(isList)) return inferSchema(rows, schema);
  // Names choose (and order) the columns of rows that are objects.
  const chosen = rows.map((row) => schema.map((name) => row[name]));
  return inferSchema(chosen, schema);
}

function refuseOtherWidths(rows: InputRows, { fields }: StructType): void {
  for (const [at, row] of rows.entries()) {
    if (isList(row) && row.length !== fields.length) {
      throw new TypeError(
        `row ${String(at)} has ${String(row.length)} values for ${String(fields.length)} columns`,
      );
    }
  }
}

function isNames(schema: InputSchema): schema is readonly string[] {
  return Array.isArray(schema);
}
