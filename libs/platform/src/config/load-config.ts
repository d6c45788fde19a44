import { findConfDirectory, readConfFiles, valueAt } from './conf-files';
import type { Environment, JsonObject } from './conf-files';
import type { Setting } from './setting';

export type ConfigShape = Readonly<Record<string, Setting<unknown>>>;

export type ConfigOf<S extends ConfigShape> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

/** One wrong setting, by the name that an operator would change. */
export interface ConfigProblem {
  readonly name: string;
  readonly message: string;
}

/** A rule between settings: gives what is wrong. */
export type ConfigRule<S extends ConfigShape> = (config: ConfigOf<S>) => readonly ConfigProblem[];

/** Lists every problem at once, so that an operator does not find them one start at a time. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(['The settings are not right:', ...problems.map((it) => `  ${it.name}: ${it.message}`)].join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Settings of an app, frozen: `conf/pipeline.defaults.json`, over it `conf/pipeline.<NODE_ENV>.json`, over both the
 * environment. A variable that is set to nothing counts as not set.
 * @throws ConfigError with every problem.
 */
export function readConfig<S extends ConfigShape>(
  shape: S,
  environment: Environment,
  rules: readonly ConfigRule<S>[] = [],
): ConfigOf<S> {
  const confDirectory = findConfDirectory(environment);
  const files = confDirectory === undefined ? {} : readFilesOf(confDirectory, environment);
  const problems: ConfigProblem[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(shape)) {
    const result = readSetting(setting, environment, files);
    if ('problem' in result) problems.push(result.problem);
    else values[name] = result.value;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  const config = values as ConfigOf<S>;
  const broken = rules.flatMap((rule) => rule(config));
  if (broken.length > 0) throw new ConfigError(broken);
  return Object.freeze(config);
}

/** `readConfig` of this process; with a problem it prints one message without a stack and ends with code 1. */
export function loadConfig<S extends ConfigShape>(
  shape: S,
  rules: readonly ConfigRule<S>[] = [],
): ConfigOf<S> {
  try {
    return readConfig(shape, process.env, rules);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

function readFilesOf(confDirectory: string, environment: Environment): JsonObject {
  try {
    return readConfFiles(confDirectory, environment);
  } catch (error) {
    throw new ConfigError([{ name: confDirectory, message: (error as Error).message }]);
  }
}

function readSetting(
  setting: Setting<unknown>,
  environment: Environment,
  files: JsonObject,
): { readonly value: unknown } | { readonly problem: ConfigProblem } {
  const problem = (message: string) => ({ problem: { name: setting.env, message } });
  const raw = rawValue(setting, environment, files);
  if (raw === undefined || raw === null) {
    return setting.optional
      ? { value: undefined }
      : problem(`is required${setting.key === undefined ? '' : ` (or ${setting.key} in conf/)`}`);
  }
  const result = setting.schema.safeParse(raw);
  if (result.success) return { value: result.data };
  const shown = setting.secret ? '' : ` (is ${JSON.stringify(raw)})`;
  return problem(`${result.error.issues.map((issue) => issue.message).join(', ')}${shown}`);
}

function rawValue(setting: Setting<unknown>, environment: Environment, files: JsonObject): unknown {
  const fromEnvironment = environment[setting.env];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  return setting.key === undefined ? undefined : valueAt(files, setting.key);
}
