import { SourceReader } from '../dataframe/source-reader';
import type { StructType } from '../types/data-type';
import type { AsNullable } from '../types/nullable-columns';
import type { Row } from '../types/row';

/** Reads a source as a stream: `spark.readStream`. Mirrors `org.apache.spark.sql.streaming.DataStreamReader`. */
export class DataStreamReader<T extends object = Row> extends SourceReader<T, readonly [path?: string]> {
  protected override readonly isStreaming = true;

  /**
   * The columns to read; sources of files ask for them.
   * @param schema - DDL such as `'id BIGINT, name STRING'`, or a type, which also tells the compiler the type of a row. Everything in it may be
   * NULL, as Spark's sources do not keep NOT NULL.
   */
  schema<Columns extends object>(schema: StructType<Columns>): DataStreamReader<AsNullable<Columns>>;
  schema(schema: string): DataStreamReader;
  schema(schema: StructType | string): DataStreamReader {
    this.setSchema(schema);
    return this as object as DataStreamReader;
  }
}
