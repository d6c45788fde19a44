import type { DuckDbEngine } from '../engine/duckdb-engine';

/**
 * The actions of a classic or multi-part checkpoint, each as the JSON text of one action. Only the fields that a reader
 * needs are taken: the others are large, and the parsed statistics may hold numbers that JSON cannot (NaN).
 *
 * @param files all parts, as local names.
 */
export async function* readCheckpoint(engine: DuckDbEngine, files: readonly string[]): AsyncIterable<string> {
  const [found] = await engine.query(ADD_FIELDS_SQL, [files]);
  const addFields = String(found?.[0] ?? '').split(',');
  for await (const rows of engine.stream(actionsSql(addFields), [files])) {
    for (const [action] of rows) yield String(action);
  }
}

const ADD_FIELDS_SQL = `
SELECT array_to_string(struct_keys("add"), ',') FROM read_parquet($1, hive_partitioning = false)
WHERE "add" IS NOT NULL LIMIT 1`;

function actionsSql(addFields: readonly string[]): string {
  const add = ['path', 'partitionValues', 'size', 'deletionVector']
    .filter((field) => addFields.includes(field))
    .map((field) => `'${field}': "add"."${field}"`);
  const members = [...add, `'stats': ${statsSql(addFields)}`];
  return `
SELECT CASE
    WHEN "add" IS NOT NULL THEN to_json({'add': {${members.join(', ')}}})
    ELSE to_json({'protocol': "protocol", 'metaData': "metaData"})
  END::VARCHAR
FROM read_parquet($1, hive_partitioning = false)
WHERE "add" IS NOT NULL OR "metaData" IS NOT NULL OR "protocol" IS NOT NULL`;
}

/** A writer may leave the statistics out as text (`delta.checkpoint.writeStatsAsJson`) and keep them as a struct. */
function statsSql(addFields: readonly string[]): string {
  if (addFields.includes('stats')) return '"add"."stats"';
  if (!addFields.includes('stats_parsed')) return 'NULL::VARCHAR';
  return `to_json({'numRecords': "add"."stats_parsed"."numRecords"})::VARCHAR`;
}
