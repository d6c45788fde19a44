import type { Relation } from '../generated/spark/connect/relations_pb';
import { relationOf } from '../plan/relation';
import type { SparkConnectClient } from '../session/spark-connect-client';
import type { StructType } from '../types/data-type';
import { toJson } from '../types/data-type-json';
import type { Row } from '../types/row';
import { DataFrame } from './dataframe';
import { OptionMap, type Options, type OptionValue } from './option-value';

/** The rows of `textFile`. */
export type TextLine = Readonly<Record<'value', string>>;

/** What readers of batches and of streams have in common; the setters change the reader and return it, as in PySpark. */
export abstract class SourceReader<T extends object, Paths extends readonly (string | undefined)[]> {
  protected abstract readonly isStreaming: boolean;
  protected readonly readOptions = new OptionMap();
  private source: string | undefined;
  private givenSchema: StructType | string | undefined;

  constructor(protected readonly client: SparkConnectClient) {}

  /** The source: `'delta'`, `'kafka'`, ...; the server's `spark.sql.sources.default` if never said. */
  format(source: string): this {
    this.source = source;
    return this;
  }

  /** An option of the source. The case of a key does not matter; the last value of one holds. */
  option(key: string, value: OptionValue): this {
    this.readOptions.set(key, value);
    return this;
  }

  /** As `option`, for each of them. */
  options(options: Options): this {
    this.readOptions.setAll(options);
    return this;
  }

  /** Reads the source; from paths, or from where the options say. */
  load(...paths: Paths): DataFrame<T> {
    return this.frame(this.sourceOf(paths));
  }

  /** Files of CSV. */
  csv(...paths: Paths): DataFrame<T> {
    return this.format('csv').load(...paths);
  }

  /** Files of JSON, an object a line. */
  json(...paths: Paths): DataFrame<T> {
    return this.format('json').load(...paths);
  }

  /** Files of ORC. */
  orc(...paths: Paths): DataFrame<T> {
    return this.format('orc').load(...paths);
  }

  /** Files of Parquet. */
  parquet(...paths: Paths): DataFrame<T> {
    return this.format('parquet').load(...paths);
  }

  /** Lines of text in a column `value`. */
  text(...paths: Paths): DataFrame<T> {
    return this.format('text').load(...paths);
  }

  /**
   * As `text`, without the columns of partitions.
   * @throws TypeError when a schema was given.
   */
  textFile(...paths: Paths): DataFrame<TextLine> {
    if (this.givenSchema !== undefined) throw new TypeError('textFile has a schema of its own');
    return this.text(...paths).select('value') as object as DataFrame<TextLine>;
  }

  /** Files of XML; the option `rowTag` names the element of a row. */
  xml(...paths: Paths): DataFrame<T> {
    return this.format('xml').load(...paths);
  }

  /** A table of the catalog, e.g. `'default.events'`; `` 'delta.`path`' `` works too. */
  table(name: string): DataFrame {
    const value = { unparsedIdentifier: name, options: this.readOptions.toRecord() };
    return this.frame(this.readOf({ case: 'namedTable', value }));
  }

  protected get schemaOfSource(): StructType | string | undefined {
    return this.givenSchema;
  }

  protected setSchema(schema: StructType | string): void {
    this.givenSchema = schema;
  }

  protected sourceOf(paths: readonly (string | undefined)[], predicates: readonly string[] = []): Relation {
    const { source, givenSchema } = this;
    const value = {
      options: this.readOptions.toRecord(),
      paths: paths.filter((path) => path !== undefined),
      predicates: [...predicates],
      ...(source === undefined ? {} : { format: source }),
      ...(givenSchema === undefined ? {} : { schema: textOf(givenSchema) }),
    };
    return this.readOf({ case: 'dataSource', value });
  }

  protected frame<U extends object = Row>(relation: Relation): DataFrame<U> {
    return new DataFrame<U>(this.client, relation);
  }

  private readOf(readType: ReadType): Relation {
    return relationOf({ case: 'read', value: { readType, isStreaming: this.isStreaming } });
  }
}

type RelationInit = Parameters<typeof relationOf>[0];
type ReadType = NonNullable<Extract<RelationInit, { case: 'read' }>['value']['readType']>;

function textOf(schema: StructType | string): string {
  return typeof schema === 'string' ? schema : toJson(schema);
}
