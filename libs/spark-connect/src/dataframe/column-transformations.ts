import { Column } from '../functions/column';
import { call, toExpression, type ColumnOrName } from '../functions/call';
import { expr } from '../functions/core';
import { attribute, expressionOf } from '../functions/expressions';
import { relationOf, type RelationType } from '../plan/relation';
import { subqueryOf, withSubqueries } from '../plan/subquery';
import type { StructType } from '../types/data-type';
import { dataTypeToProto } from '../types/data-type-proto';
import type { Row } from '../types/row';
import type { DataFrame } from './dataframe';
import { DataFrameActions } from './dataframe-actions';
import { entriesOf, type ByName } from './entries';

/** The columns of a DataFrame: choosing, adding, renaming, naming them. */
export abstract class ColumnTransformations<T extends object = Row> extends DataFrameActions<T> {
  /**
   * A column of exactly this DataFrame, for joins where both sides have the name; `'*'` is all of them. `'s.*'`, the fields of a struct or the
   * columns of an alias, is looked for in every side: the protocol cannot name its DataFrame.
   */
  col(name: string): Column {
    return new Column(attribute(name, this.relation.common?.planId));
  }

  /** The columns whose names match a Java regular expression, which stands in backticks: `` colRegex('`(a|b).*`') ``. */
  colRegex(colName: string): Column {
    const planId = this.relation.common?.planId;
    const value = { colName, ...(planId === undefined ? {} : { planId }) };
    return new Column(expressionOf({ case: 'unresolvedRegex', value }));
  }

  /** A column the source offers beside its own, such as `_metadata` of files. */
  metadataColumn(name: string): Column {
    const planId = this.relation.common?.planId;
    const value = {
      unparsedIdentifier: name,
      isMetadataColumn: true,
      ...(planId === undefined ? {} : { planId }),
    };
    return new Column(expressionOf({ case: 'unresolvedAttribute', value }));
  }

  /** These columns, in this order; names may be stars, `'*'` or `'t.*'`. */
  select(...columns: readonly ColumnOrName[]): DataFrame {
    return this.transformed({
      case: 'project',
      value: { input: this.relation, expressions: columns.map(toExpression) },
    });
  }

  /** As `select`, in SQL text. */
  selectExpr(...expressions: readonly string[]): DataFrame {
    return this.select(...expressions.map(expr));
  }

  /** Adds a column, or replaces the one of that name. */
  withColumn(name: string, column: Column): DataFrame {
    return this.withColumns([[name, column]]);
  }

  /**
   * Adds columns, or replaces those of the names, in this order.
   * @param columns - a record, a `Map` or pairs. Of a record, names that are integers come first, in JavaScript's order.
   */
  withColumns(columns: ByName<Column>): DataFrame {
    const aliases = entriesOf(columns).map(([name, column]) => ({
      expr: column.expression,
      name: [name],
    }));
    return this.transformed({ case: 'withColumns', value: { input: this.relation, aliases } });
  }

  /** A column that does not exist is ignored. */
  withColumnRenamed(existing: string, renamed: string): DataFrame {
    return this.withColumnsRenamed([[existing, renamed]]);
  }

  /**
   * Renames columns, one after the other in this order: a later rename sees the names of the earlier ones. Columns that do not exist are ignored.
   * @param names - new names by existing ones: a record, a `Map` or pairs. Of a record, names that are integers come first, in JavaScript's order.
   */
  withColumnsRenamed(names: ByName<string>): DataFrame {
    const renames = entriesOf(names).map(([colName, newColName]) => ({ colName, newColName }));
    return this.transformed({ case: 'withColumnsRenamed', value: { input: this.relation, renames } });
  }

  /** Replaces the metadata of a column, which its schema shows. */
  withMetadata(columnName: string, metadata: Readonly<Record<string, unknown>>): DataFrame<T> {
    const { expression } = this.col(columnName);
    const alias = { expr: expression, name: [columnName], metadata: JSON.stringify(metadata) };
    return this.transformed({ case: 'withColumns', value: { input: this.relation, aliases: [alias] } });
  }

  /** Columns that do not exist are ignored. */
  drop(...columns: readonly ColumnOrName[]): DataFrame {
    const columnNames = columns.filter((column) => typeof column === 'string');
    const expressions = columns.filter((column) => typeof column !== 'string').map(toExpression);
    return this.transformed({
      case: 'drop',
      value: { input: this.relation, columns: expressions, columnNames },
    });
  }

  /** New names for all columns, in their order. */
  toDF(...names: readonly string[]): DataFrame {
    return this.transformed({ case: 'toDf', value: { input: this.relation, columnNames: [...names] } });
  }

  /**
   * The columns of the schema, found by name and cast to its types; the rows then have its TypeScript type. The server refuses what does
   * not fit: a column that may be NULL or is missing where the schema allows no NULL, a cast that could lose something.
   */
  to<Columns extends object>(schema: StructType<Columns>): DataFrame<Columns>;
  to(schema: StructType): DataFrame {
    const value = { input: this.relation, schema: dataTypeToProto(schema) };
    return this.transformed({ case: 'toSchema', value });
  }

  /** The same rows under a name that columns can be qualified with: `col('t.a')`. */
  alias(name: string): DataFrame<T> {
    return this.transformed({ case: 'subqueryAlias', value: { input: this.relation, alias: name } });
  }

  /** The same as `alias`. */
  as(name: string): DataFrame<T> {
    return this.alias(name);
  }

  /** Each row as a JSON text, in the only column. */
  toJSON(): DataFrame {
    return this.select(call('to_json', call('struct', this.col('*'))));
  }

  /** This DataFrame of one column and one row as a value in another one's expression, with columns of that one as in `exists`. Spark 4.0. */
  scalar(): Column {
    return new Column(subqueryOf(this.relation, 'scalar'));
  }

  /**
   * Whether this DataFrame has rows, as a condition of another one. Columns of that one are given by name in here, qualified by its alias:
   * `col('outside.id').outer()`; the server does not find `outside.col('id')`. Spark 4.0.
   */
  exists(): Column {
    return new Column(subqueryOf(this.relation, 'exists'));
  }

  /** A DataFrame of a relation over this one. */
  protected transformed<U extends object = Row>(relType: RelationType): DataFrame<U> {
    return this.derived<U>(withSubqueries(relationOf(relType)));
  }
}
