import { toExpression, type ColumnOrName } from '../functions/call';
import { literalExpression } from '../plan/literal';
import type { Expression } from '../generated/spark/connect/expressions_pb';
import { relationOf } from '../plan/relation';
import { withSubqueries } from '../plan/subquery';
import type { SparkConnectClient } from '../session/spark-connect-client';
import { DataFrame } from './dataframe';

/**
 * The functions of Spark that give a table: `spark.tvf.explode(col('t.tags').outer())` as the right side of a `lateralJoin`. They have
 * Spark's own names. Mirrors `org.apache.spark.sql.TableValuedFunction`.
 */
export class TableValuedFunctions {
  constructor(private readonly client: SparkConnectClient) {}

  /** The elements of an array, or the entries of a map, a row each. */
  explode(collection: ColumnOrName): DataFrame {
    return this.call('explode', collection);
  }

  /** As `explode`, with a row of NULL where there are none. */
  explode_outer(collection: ColumnOrName): DataFrame {
    return this.call('explode_outer', collection);
  }

  /** As `explode`, with the position, from 0. */
  posexplode(collection: ColumnOrName): DataFrame {
    return this.call('posexplode', collection);
  }

  /** As `posexplode`, with a row of NULL where there are none. */
  posexplode_outer(collection: ColumnOrName): DataFrame {
    return this.call('posexplode_outer', collection);
  }

  /** An array of structs as a table. */
  inline(structs: ColumnOrName): DataFrame {
    return this.call('inline', structs);
  }

  /** As `inline`, with a row of NULL where there are none. */
  inline_outer(structs: ColumnOrName): DataFrame {
    return this.call('inline_outer', structs);
  }

  /** The fields of a JSON text as columns; the fields are columns or literals, too. */
  json_tuple(json: ColumnOrName, ...fields: readonly [ColumnOrName, ...ColumnOrName[]]): DataFrame {
    return this.call('json_tuple', json, ...fields);
  }

  /** The values in `rows` rows, one after the other. */
  stack(rows: number | ColumnOrName, ...values: readonly ColumnOrName[]): DataFrame {
    const count = typeof rows === 'number' ? literalExpression(rows) : toExpression(rows);
    return this.table('stack', [count, ...values.map(toExpression)]);
  }

  /** The fields of a VARIANT object or the elements of a VARIANT array: position, key, value. */
  variant_explode(variant: ColumnOrName): DataFrame {
    return this.call('variant_explode', variant);
  }

  /** As `variant_explode`, with a row of NULL where there are none. */
  variant_explode_outer(variant: ColumnOrName): DataFrame {
    return this.call('variant_explode_outer', variant);
  }

  /** The collations the server knows. */
  collations(): DataFrame {
    return this.call('collations');
  }

  /** The keywords of SQL, and which of them are reserved. */
  sql_keywords(): DataFrame {
    return this.call('sql_keywords');
  }

  private call(functionName: string, ...args: readonly ColumnOrName[]): DataFrame {
    return this.table(functionName, args.map(toExpression));
  }

  private table(functionName: string, args: Expression[]): DataFrame {
    const value = { functionName, arguments: args };
    const relation = relationOf({ case: 'unresolvedTableValuedFunction', value });
    return new DataFrame(this.client, withSubqueries(relation));
  }
}
