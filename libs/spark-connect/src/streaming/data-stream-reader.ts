import { SourceReader } from '../dataframe/source-reader';
import type { StructType } from '../types/data-type';
import type { Row } from '../types/row';

/** Reads a source as a stream: `spark.readStream`. Mirrors PySpark's `DataStreamReader`. */
export class DataStreamReader<T extends object = Row> extends SourceReader<T, readonly [path?: string]> {
  protected override readonly isStreaming = true;

  /** @param schema - a type, which also tells the compiler the type of a row, or DDL such as `'id BIGINT, name STRING'`. */
  schema<Columns extends object>(schema: StructType<Columns>): DataStreamReader<Columns>;
  schema(schema: string): DataStreamReader;
  schema(schema: StructType | string): DataStreamReader {
    this.setSchema(schema);
    return this as object as DataStreamReader;
  }
}
