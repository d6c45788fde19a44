import type { Schema } from './schema';

/** One value that an operator can set: by an environment variable, or by a key of the files in `conf/`. */
export interface Setting<T> {
  /** Name of the environment variable, which wins over every file. */
  readonly env: string;
  /** Dotted key in `conf/pipeline.*.json`, like `pipeline.http.port`. A secret has none. */
  readonly key?: string;
  readonly schema: Schema<T>;
  readonly description: string;
  /** Never shown in a message or a log, and never read from a file. */
  readonly secret: boolean;
  /** Absent in every layer is allowed, and gives undefined. */
  readonly optional: boolean;
}

interface SettingDefinition<T> {
  readonly env: string;
  readonly key?: string;
  readonly schema: Schema<T>;
  readonly description: string;
}

export function setting<T>(definition: SettingDefinition<T>): Setting<T> {
  return { ...definition, secret: false, optional: false };
}

export function optionalSetting<T>(definition: SettingDefinition<T>): Setting<T | undefined> {
  return { ...definition, secret: false, optional: true };
}

export function secret<T>(definition: Omit<SettingDefinition<T>, 'key'>): Setting<T> {
  return { ...definition, secret: true, optional: false };
}

export function optionalSecret<T>(definition: Omit<SettingDefinition<T>, 'key'>): Setting<T | undefined> {
  return { ...definition, secret: true, optional: true };
}
