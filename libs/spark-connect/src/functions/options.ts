import { optionText, type OptionValue } from '../dataframe/option-value';
import { call } from './call';
import type { Column } from './column';
import { lit } from './core';

/** Options of a function, e.g. of `from_json`. */
export type FunctionOptions = Readonly<Record<string, OptionValue>>;

/** The options as the argument Spark takes them in; none for none. */
export function optionsArgument(options: FunctionOptions): Column[] {
  const entries = Object.entries(options);
  if (entries.length === 0) return [];
  return [call('map', ...entries.flatMap(([key, value]) => [lit(key), lit(optionText(value))]))];
}
