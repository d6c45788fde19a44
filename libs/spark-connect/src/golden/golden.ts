import { compareAll, type Comparison, type GoldenPlans } from './compare';
import { aggregateFunctions } from './plans/aggregate-functions';
import { collectionFunctions } from './plans/collection-functions';
import { columnExpressions } from './plans/column-expressions';
import { datetimeFunctions } from './plans/datetime-functions';
import { extensions } from './plans/extensions';
import { groups } from './plans/groups';
import { joinsAndSets } from './plans/joins-and-sets';
import { reads } from './plans/reads';
import { transformations } from './plans/transformations';
import { windows } from './plans/windows';
import { dataFormatFunctions } from './plans/data-format-functions';
import { generalFunctions } from './plans/general-functions';
import { literals } from './plans/literals';
import { mathFunctions } from './plans/math-functions';
import { textFunctions } from './plans/text-functions';

const BUILDERS: GoldenPlans = {
  ...textFunctions,
  ...mathFunctions,
  ...literals,
  ...generalFunctions,
  ...dataFormatFunctions,
  ...aggregateFunctions,
  ...collectionFunctions,
  ...columnExpressions,
  ...datetimeFunctions,
  ...extensions,
  ...groups,
  ...joinsAndSets,
  ...reads,
  ...transformations,
  ...windows,
};

/** Golden plans that this client does not send, each with its reason. */
export const EXCLUSIONS: Readonly<Record<string, string>> = {
  function_call_function_orphaned:
    'what clients before 4.0 sent: the message `CallFunction`, where 4.0 marks an ordinary call as one of a function by name',
  function_from_json_orphaned: 'what clients before 4.0 sent: calls without `isInternal`',
  function_mode_orphaned:
    'what clients before 4.0 sent: `mode` always with its flag, and calls without `isInternal`',
  function_session_window_orphaned:
    'what clients before 4.0 sent: named by an alias, and calls without `isInternal`',
  function_typedLit:
    'holds literals of a map with a NULL, which Spark 4.0 reads as 0: such a map is sent as a call of `map` instead',
  groupby_agg_orphaned:
    'what clients before 4.0 sent, kept as a test of the server: its calls lack `isInternal`, which every newer client sends',
};

/** Every golden plan of the pinned Spark, compared. */
export function compareGoldenPlans(): readonly Comparison[] {
  return compareAll(BUILDERS, EXCLUSIONS);
}

/** Builders of plans that Spark does not have (a misspelt name). */
export function unknownBuilders(comparisons: readonly Comparison[]): string[] {
  const known = new Set(comparisons.map(({ name }) => name));
  return [...Object.keys(BUILDERS), ...Object.keys(EXCLUSIONS)].filter((name) => !known.has(name));
}
