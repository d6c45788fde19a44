import { Parse_ParseFormat as ParseFormat } from '../generated/spark/connect/relations_pb';
import { relationOf } from '../plan/relation';
import type { StructType } from '../types/data-type';
import { dataTypeToProto } from '../types/data-type-proto';
import type { AsNullable } from '../types/nullable-columns';
import type { Row } from '../types/row';
import { DataFrame } from './dataframe';
import type { Options } from './option-value';
import { SourceReader } from './source-reader';

/** How `jdbc` reads: in one piece, in ranges of a number or date column, or in a piece for each of some conditions. */
export type JdbcOptions = JdbcPieces & {
  /** Options of the connection, such as `user`, `password`, `driver`. */
  readonly properties?: Options | undefined;
};

type JdbcPieces =
  | { readonly column?: never; readonly predicates?: never }
  | { readonly predicates: readonly string[]; readonly column?: never }
  | {
      readonly column: string;
      /** Where the first range ends and the last begins; rows beyond them are read all the same. */
      readonly lowerBound: number | bigint | string;
      readonly upperBound: number | bigint | string;
      readonly numPartitions: number;
      readonly predicates?: never;
    };

/** Reads a source as a batch: `spark.read`. Mirrors `org.apache.spark.sql.DataFrameReader`. */
export class DataFrameReader<T extends object = Row> extends SourceReader<T, readonly string[]> {
  protected override readonly isStreaming = false;

  /**
   * The columns to read instead of those the source tells.
   * @param schema - DDL such as `'id BIGINT, name STRING'`, or a type, which also tells the compiler the type of a row. Everything in it may be
   * NULL, as Spark's sources do not keep NOT NULL.
   */
  schema<Columns extends object>(schema: StructType<Columns>): DataFrameReader<AsNullable<Columns>>;
  schema(schema: string): DataFrameReader;
  schema(schema: StructType | string): DataFrameReader {
    this.setSchema(schema);
    return this as object as DataFrameReader;
  }

  /**
   * Files of CSV, or a DataFrame of one text column with a line of it in each row.
   * @throws TypeError for a DataFrame with a schema in DDL, which only the server could read: it takes a `StructType`.
   */
  override csv(...source: readonly string[] | readonly [DataFrame<object>]): DataFrame<T> {
    const [first] = source;
    return first instanceof DataFrame
      ? this.parsed(first, ParseFormat.CSV)
      : super.csv(...(source as readonly string[]));
  }

  /**
   * Files of JSON, or a DataFrame of one text column with an object in each row.
   * @throws TypeError for a DataFrame with a schema in DDL, which only the server could read: it takes a `StructType`.
   */
  override json(...source: readonly string[] | readonly [DataFrame<object>]): DataFrame<T> {
    const [first] = source;
    return first instanceof DataFrame
      ? this.parsed(first, ParseFormat.JSON)
      : super.json(...(source as readonly string[]));
  }

  /** A table of a database that the server has a JDBC driver for. */
  jdbc(url: string, table: string, how: JdbcOptions = {}): DataFrame<T> {
    this.format('jdbc')
      .options(how.properties ?? {})
      .options({ url, dbtable: table });
    if (how.column !== undefined) {
      const { column, lowerBound, upperBound, numPartitions } = how;
      this.options({ partitioncolumn: column, lowerbound: lowerBound, upperbound: upperBound });
      this.option('numpartitions', numPartitions);
    }
    return this.frame(this.sourceOf([], how.predicates));
  }

  private parsed(texts: DataFrame<object>, format: ParseFormat): DataFrame<T> {
    const schema = this.schemaOfSource;
    if (typeof schema === 'string')
      throw new TypeError('parsing texts takes its schema as a StructType, not as DDL');
    const value = {
      input: texts.relation,
      format,
      options: this.readOptions.toRecord(),
      ...(schema === undefined ? {} : { schema: dataTypeToProto(schema) }),
    };
    return this.frame(relationOf({ case: 'parse', value }));
  }
}
