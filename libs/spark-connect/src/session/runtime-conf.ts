import type { CallOptions } from '../execute/action-options';
import type { ConfigRequest_Operation, KeyValue } from '../generated/spark/connect/base_pb';
import { setOf, type SparkConnectClient } from './spark-connect-client';

/** A value of a conf; it travels as text. */
export type ConfValue = string | number | bigint | boolean;

/**
 * The confs of the session. Static confs of the server (those of its start) cannot be changed here.
 * Mirrors `org.apache.spark.sql.RuntimeConfig`.
 */
export class RuntimeConf {
  constructor(private readonly client: SparkConnectClient) {}

  /** @throws AnalysisError for a static conf; SparkConnectError without an error class for a value its conf does not take. */
  async set(key: string, value: ConfValue, options: CallOptions = {}): Promise<void> {
    await this.client.config({ case: 'set', value: setOf({ [key]: String(value) }) }, options);
  }

  /** The value; undefined where neither the session nor the server knows one (PySpark's `get` would throw). */
  async get(key: string, options?: CallOptions): Promise<string | undefined>;
  /** The value, or the default where there is none. */
  async get(key: string, defaultValue: string, options?: CallOptions): Promise<string>;
  async get(
    key: string,
    defaultOrOptions: string | CallOptions = {},
    options: CallOptions = {},
  ): Promise<string | undefined> {
    if (typeof defaultOrOptions !== 'string') return this.getOption(key, defaultOrOptions);
    const pairs = [{ $typeName: 'spark.connect.KeyValue', key, value: defaultOrOptions } as const];
    const value = { $typeName: 'spark.connect.ConfigRequest.GetWithDefault', pairs } as const;
    return this.first({ case: 'getWithDefault', value }, options);
  }

  /** The value; undefined where neither the session nor the server knows one. */
  async getOption(key: string, options: CallOptions = {}): Promise<string | undefined> {
    const value = { $typeName: 'spark.connect.ConfigRequest.GetOption' as const, keys: [key] };
    return this.first({ case: 'getOption', value }, options);
  }

  /** Back to the server's value. */
  async unset(key: string, options: CallOptions = {}): Promise<void> {
    const value = { $typeName: 'spark.connect.ConfigRequest.Unset' as const, keys: [key] };
    await this.client.config({ case: 'unset', value }, options);
  }

  /** All confs that are set; with a prefix those that begin with it, their keys without it. */
  async getAll(prefix?: string, options: CallOptions = {}): Promise<Record<string, string>> {
    const of = prefix === undefined ? {} : { prefix };
    const value = { $typeName: 'spark.connect.ConfigRequest.GetAll', ...of } as const;
    const { pairs } = await this.client.config({ case: 'getAll', value }, options);
    return Object.fromEntries(pairs.map((pair: KeyValue) => [pair.key, pair.value ?? '']));
  }

  /** Can `set` change this conf? False for static confs and unknown keys. */
  async isModifiable(key: string, options: CallOptions = {}): Promise<boolean> {
    const value = { $typeName: 'spark.connect.ConfigRequest.IsModifiable' as const, keys: [key] };
    return (await this.first({ case: 'isModifiable', value }, options)) === 'true';
  }

  private async first(
    opType: ConfigRequest_Operation['opType'],
    options: CallOptions,
  ): Promise<string | undefined> {
    const { pairs } = await this.client.config(opType, options);
    return pairs[0]?.value;
  }
}
