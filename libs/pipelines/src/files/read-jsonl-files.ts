import type { Column, SparkSession } from 'spark-connect-js';
import {
  array_position,
  btrim,
  col,
  get,
  lit,
  lower,
  map_keys,
  map_values,
  size,
  transform,
  when,
} from 'spark-connect-js/functions';
import { BLANKS } from '../file-cells';
import type { FileRows } from '../file-cells';
import { numbersAsSpelled, objectsIn } from './exact-json';
import { literalPath } from './file-path';
import type { InputFile } from './list-files';
import { columnName, distinctNames, uniteRows } from './unite-rows';

/**
 * The rows of files of JSON lines in UTF-8, an object each, with these columns: values of keys that are called so, whatever their case and
 * the blanks around them; the first where an object has several. Values are texts: numbers as they are spelled, `true`, `false`, arrays
 * and objects as JSON without blanks. Blank lines are no rows; a line that is no object, or not only one, is a row of nulls.
 * @throws SparkConnectError, reading the rows, for a file that cannot be read.
 */
export function readJsonlFiles(
  spark: SparkSession,
  files: readonly InputFile[],
  names: readonly string[],
): FileRows {
  if (files.length === 0) return uniteRows(spark, []);
  const columns = distinctNames(names.map(columnName));
  const blanks = lit(BLANKS);
  const rows = spark.read
    .text(...files.map(({ path }) => literalPath(path)))
    .filter(btrim('value', blanks).neq(''))
    .select(objectsIn(col('value')).alias('objects'))
    .select(when(size('objects').eq(1), get('objects', 0)).alias('object'))
    .select(
      transform(map_keys('object'), (key) => lower(btrim(key, blanks))).alias('keys'),
      map_values('object').alias('values'),
    )
    .select(...columns.map((name) => valueOf(name).alias(name)));
  return { rows, columns };
}

/** Places count from 1, and 0 is nowhere; of a map, two keys that became one would fail. */
function valueOf(name: string): Column {
  const place = array_position('keys', name).minus(1).cast('int');
  return numbersAsSpelled(get('values', place));
}
