import { relationOf } from '../plan/relation';
import type { SparkConnectClient } from '../session/spark-connect-client';
import type { StructType } from '../types/data-type';
import { toJson } from '../types/data-type-text';
import { DataFrame } from './dataframe';
import { optionText, type OptionValue } from './option-value';

/** Reads a source, as a batch or as a stream; the setters change this reader and return it, as in PySpark. */
export class DataFrameReader {
  private source: string | undefined;
  private schemaText: string | undefined;
  private readonly readOptions: Record<string, string> = {};

  constructor(
    private readonly client: SparkConnectClient,
    private readonly isStreaming: boolean,
  ) {}

  format(source: string): this {
    this.source = source;
    return this;
  }

  /** @param schema - a type, or DDL such as `'id BIGINT, name STRING'`. */
  schema(schema: StructType | string): this {
    this.schemaText = typeof schema === 'string' ? schema : toJson(schema);
    return this;
  }

  option(key: string, value: OptionValue): this {
    this.readOptions[key] = optionText(value);
    return this;
  }

  options(options: Readonly<Record<string, OptionValue>>): this {
    for (const [key, value] of Object.entries(options)) this.option(key, value);
    return this;
  }

  load(...paths: readonly string[]): DataFrame {
    const dataSource = {
      options: { ...this.readOptions },
      paths: [...paths],
      ...(this.source === undefined ? {} : { format: this.source }),
      ...(this.schemaText === undefined ? {} : { schema: this.schemaText }),
    };
    const readType = { case: 'dataSource', value: dataSource } as const;
    return new DataFrame(
      this.client,
      relationOf({ case: 'read', value: { readType, isStreaming: this.isStreaming } }),
    );
  }

  /** A table of the catalog, e.g. `'default.events'`; `` 'delta.`path`' `` works too. */
  table(name: string): DataFrame {
    const readType = {
      case: 'namedTable',
      value: { unparsedIdentifier: name, options: { ...this.readOptions } },
    } as const;
    return new DataFrame(
      this.client,
      relationOf({ case: 'read', value: { readType, isStreaming: this.isStreaming } }),
    );
  }

  json(...paths: readonly string[]): DataFrame {
    return this.format('json').load(...paths);
  }

  csv(...paths: readonly string[]): DataFrame {
    return this.format('csv').load(...paths);
  }

  parquet(...paths: readonly string[]): DataFrame {
    return this.format('parquet').load(...paths);
  }
}
