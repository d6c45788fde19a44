import { create, toBinary } from '@bufbuild/protobuf';
import { encodeRows } from '../arrow/arrow-encoder';
import { allObjects, areLists, inferSchema } from '../arrow/infer-schema';
import { type InputRow, type InputTuple } from '../arrow/input-values';
import { LocalRelationSchema } from '../generated/spark/connect/relations_pb';
import type { RelationType } from '../plan/relation';
import { StructType } from '../types/data-type';
import { toJson } from '../types/data-type-json';
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
  const { rows: sent, type } = typed(rows, schema);
  const local = create(LocalRelationSchema, { data: encodeRows(sent, type), schema: toJson(type) });
  const { localData, settings } = client.parts;
  if ((local.data?.length ?? 0) <= settings.localRelationCacheThresholdBytes)
    return { case: 'localRelation', value: local };
  return { case: 'cachedLocalRelation', value: localData.add(toBinary(LocalRelationSchema, local)) };
}

/** The relation of no rows and no columns. */
export function emptyRelation(): RelationType {
  return { case: 'localRelation', value: { schema: toJson(new StructType()) } };
}

function typed(
  rows: InputRows,
  schema: InputSchema | undefined,
): { readonly rows: InputRows; readonly type: StructType } {
  if (schema === undefined) return { rows, type: inferSchema(rows) };
  if (!isNames(schema)) return { rows, type: schema };
  // Names choose (and order) the columns of rows that are objects.
  const chosen = areLists(rows) ? rows : chosenOf(allObjects(rows), schema);
  return { rows: chosen, type: inferSchema(chosen, schema) };
}

function chosenOf(rows: readonly InputRow[], names: readonly string[]): InputTuple[] {
  const keys = new Set<string>();
  for (const row of rows) for (const key of Object.keys(row)) keys.add(key);
  const unknown = names.find((name) => !keys.has(name));
  if (unknown !== undefined && keys.size > 0) {
    throw new TypeError(`no row has a key ${unknown}: their keys are ${[...keys].join(', ')}`);
  }
  return rows.map((row) => names.map((name) => (Object.hasOwn(row, name) ? row[name] : null)));
}

function isNames(schema: InputSchema): schema is readonly string[] {
  return Array.isArray(schema);
}
