import { InvalidSettings } from './settings';
import type { Environment } from './settings';

export interface OptionNames {
  /** The variable of each option that takes a value: `--late-rate 0.01` is `LATE_RATE=0.01`. */
  readonly values: Readonly<Record<string, string>>;
  /** The variable of each option that takes none: `--json` is `JSON_SUMMARY=true`. */
  readonly flags: Readonly<Record<string, string>>;
}

/** Settings of the environment and, before them, those of the command line. */
export interface GivenSettings {
  readonly environment: Environment;
  /** How the user has called what was set on the command line, by variable. */
  readonly calledAs: ReadonlyMap<string, string>;
}

/**
 * An option for each variable, `--late-rate` for `LATE_RATE`.
 * @param flags those that take no value, and
 * @param shortNames those that take one, where they have names of their own.
 */
export function optionsOf(
  variables: readonly string[],
  flags: Readonly<Record<string, string>>,
  shortNames: Readonly<Record<string, string>>,
): OptionNames {
  const named = new Set([...Object.values(flags), ...Object.values(shortNames)]);
  const others = variables.filter((variable) => !named.has(variable));
  const optionOf = (variable: string) => `--${variable.toLowerCase().replaceAll('_', '-')}`;
  const values = Object.fromEntries(others.map((variable) => [optionOf(variable), variable]));
  return { flags, values: { ...values, ...shortNames } };
}

/** @throws InvalidSettings naming an argument that is no option, or an option without its value. */
export function withOptions(
  environment: Environment,
  cliArguments: readonly string[],
  names: OptionNames,
): GivenSettings {
  const given: Record<string, string> = {};
  const calledAs = new Map<string, string>();
  const rest = [...cliArguments];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const { option, value: inline } = partsOf(argument);
    const flag = own(names.flags, option);
    const variable = flag ?? own(names.values, option);
    if (variable === undefined) throw new InvalidSettings(unknownOption(argument, names));
    given[variable] = inline ?? (flag === undefined ? nextValue(option, rest) : 'true');
    calledAs.set(variable, option);
  }
  return { environment: { ...environment, ...given }, calledAs };
}

/** `--seed=7` in two. */
function partsOf(argument: string): { readonly option: string; readonly value: string | undefined } {
  const at = argument.indexOf('=');
  return at < 0
    ? { option: argument, value: undefined }
    : { option: argument.slice(0, at), value: argument.slice(at + 1) };
}

function nextValue(option: string, rest: string[]): string {
  const value = rest.shift();
  if (value === undefined || value.startsWith('--')) throw new InvalidSettings(`${option} needs a value`);
  return value;
}

const own = (record: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

function unknownOption(argument: string, { flags, values }: OptionNames): string {
  const all = [...Object.keys(flags), ...Object.keys(values)].sort();
  return `${argument} is not an option; the options are ${all.join(', ')}`;
}
