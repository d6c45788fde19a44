import type { CallOptions } from '../execute/action-options';
import type { KeyValue } from '../generated/spark/connect/base_pb';
import { setOf, type SparkConnectClient } from './spark-connect-client';

/** The confs of the session. Static confs of the server cannot be changed here. */
export class RuntimeConf {
  constructor(private readonly client: SparkConnectClient) {}

  async set(key: string, value: string | number | boolean, options: CallOptions = {}): Promise<void> {
    await this.client.config({ case: 'set', value: setOf({ [key]: String(value) }) }, options);
  }

  /** The value; undefined where neither the session nor the server knows one. */
  async get(key: string, options: CallOptions = {}): Promise<string | undefined> {
    const { pairs } = await this.client.config(
      { case: 'getOption', value: { $typeName: 'spark.connect.ConfigRequest.GetOption', keys: [key] } },
      options,
    );
    return pairs[0]?.value;
  }

  async unset(key: string, options: CallOptions = {}): Promise<void> {
    await this.client.config(
      { case: 'unset', value: { $typeName: 'spark.connect.ConfigRequest.Unset', keys: [key] } },
      options,
    );
  }

  async getAll(prefix?: string, options: CallOptions = {}): Promise<Record<string, string>> {
    const of = prefix === undefined ? {} : { prefix };
    const { pairs } = await this.client.config(
      { case: 'getAll', value: { $typeName: 'spark.connect.ConfigRequest.GetAll', ...of } },
      options,
    );
    return Object.fromEntries(pairs.map((pair: KeyValue) => [pair.key, pair.value ?? '']));
  }
}
