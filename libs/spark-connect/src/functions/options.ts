import type { Options } from '../dataframe/option-value';
import { call } from './call';
import type { Column } from './column';
import { lit } from './core';

/** The options as the argument Spark takes them in; none for none. */
export function optionsArgument(options: Options): Column[] {
  const entries = Object.entries(options);
  if (entries.length === 0) return [];
  return [call('map', ...entries.flatMap(([key, value]) => [lit(key), lit(String(value))]))];
}
