import { refuseUnsafeWhole } from '../arrow/whole-number';
import { literalOf } from '../plan/literal';
import { typedLiteralOf } from '../plan/typed-literal';
import type { Expression_Literal } from '../generated/spark/connect/expressions_pb';
import type { Relation } from '../generated/spark/connect/relations_pb';
import type { RelationType } from '../plan/relation';
import { DoubleType, LongType } from '../types/data-type';
import type { NullableColumns } from '../types/nullable-columns';
import type { DataFrame } from './dataframe';
import { entriesOf, isIterable, numberLikeOf } from './entries';

/** What stands for NULL: `number` and `bigint` fit any number column. */
export type FillValue = string | number | bigint | boolean;

/** What `replace` compares with and writes; numbers are compared as DOUBLE. */
export type ReplaceValue = string | number | bigint | boolean | null;

type NotNull = NonNullable<ReplaceValue>;

/** Old values and new ones: a `Map` or pairs, or a record where the old values are texts. */
export type Replacements<New extends ReplaceValue = ReplaceValue> =
  | Iterable<readonly [oldValue: ReplaceValue, newValue: New]>
  | Readonly<Record<string, New & (string | null)>>;

/** Which rows `drop` drops. */
export interface DropNaOptions {
  /** Rows with any NULL (the default), or only those with nothing else. */
  readonly how?: 'any' | 'all' | undefined;
  /** Rows with fewer values than this; then `how` does not count. */
  readonly thresh?: number | undefined;
  /** The columns that are looked at; all if left out. */
  readonly subset?: readonly string[] | undefined;
}

/** What to do about NULL and NaN: `df.na`. Mirrors `org.apache.spark.sql.DataFrameNaFunctions`. */
export class DataFrameNaFunctions<T extends object> {
  constructor(
    private readonly input: Relation,
    private readonly transformed: (relType: RelationType) => DataFrame<T>,
  ) {}

  /** Leaves out rows with NULL or NaN. */
  drop({ how = 'any', thresh, subset = [] }: DropNaOptions = {}): DataFrame<T> {
    const minNonNulls = thresh ?? (how === 'all' ? 1 : undefined);
    const least = minNonNulls === undefined ? {} : { minNonNulls };
    return this.transformed({ case: 'dropNa', value: { input: this.input, cols: [...subset], ...least } });
  }

  /**
   * Puts a value where NULL (or, in number columns, NaN) is: one value for all columns its type fits, or for some of them, or a record of
   * values by column.
   */
  fill(value: FillValue, subset?: readonly string[]): DataFrame<T>;
  fill(values: Readonly<Record<string, FillValue>>): DataFrame<T>;
  fill(
    values: FillValue | Readonly<Record<string, FillValue>>,
    subset: readonly string[] = [],
  ): DataFrame<T> {
    const byColumn = typeof values === 'object' ? Object.entries(values) : undefined;
    const value =
      byColumn === undefined
        ? { cols: [...subset], values: [fillLiteral(values as FillValue)] }
        : { cols: byColumn.map(([column]) => column), values: byColumn.map(([, one]) => fillLiteral(one)) };
    return this.transformed({ case: 'fillNa', value: { input: this.input, ...value } });
  }

  /**
   * Writes other values for some values, in all columns their type fits or in some. With NULL for a new value, columns may be NULL after it.
   * @throws TypeError where texts, numbers and booleans are mixed, which the server would cast into each other, and for NULL as the new
   * value of a record's key that may have been a number: give a `Map`.
   */
  replace(replacements: Replacements<NotNull>, subset?: readonly string[]): DataFrame<T>;
  replace(replacements: Replacements, subset?: readonly string[]): DataFrame<NullableColumns<T>>;
  replace(oldValue: ReplaceValue, newValue: NotNull, subset?: readonly string[]): DataFrame<T>;
  replace(
    oldValue: ReplaceValue,
    newValue: ReplaceValue,
    subset?: readonly string[],
  ): DataFrame<NullableColumns<T>>;
  replace(
    first: Replacements | ReplaceValue,
    second?: ReplaceValue | readonly string[],
    third?: readonly string[],
  ): DataFrame<NullableColumns<T>> {
    const isOne = typeof first !== 'object' || first === null;
    const pairs = isOne ? [[first, (second ?? null) as ReplaceValue] as const] : pairsOf(first);
    const subset = (isOne ? third : (second as readonly string[] | undefined)) ?? [];
    requireOneType(pairs.flat());
    const replacements = pairs.map(([oldValue, newValue]) => ({
      oldValue: replaceLiteral(oldValue),
      newValue: replaceLiteral(newValue),
    }));
    return this.transformed({
      case: 'replace',
      value: { input: this.input, cols: [...subset], replacements },
    });
  }
}

// Of numbers the protocol takes BIGINT and DOUBLE here, and DOUBLE only where values are compared.

function fillLiteral(value: FillValue): Expression_Literal {
  if (typeof value !== 'number') return literalOf(value);
  refuseUnsafeWhole(value);
  return typedLiteralOf(value, Number.isSafeInteger(value) ? LongType : DoubleType);
}

function replaceLiteral(value: ReplaceValue): Expression_Literal {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  return isNumber ? typedLiteralOf(Number(value), DoubleType) : literalOf(value);
}

function requireOneType(values: readonly ReplaceValue[]): void {
  const types = new Set(
    values
      .filter((value) => value !== null)
      .map((value) => (typeof value === 'bigint' ? 'number' : typeof value)),
  );
  if (types.size > 1)
    throw new TypeError(`replace takes values of one type, not of ${[...types].join(' and ')}`);
}

function pairsOf(replacements: Replacements): (readonly [ReplaceValue, ReplaceValue])[] {
  const pairs = entriesOf<ReplaceValue, ReplaceValue>(replacements);
  if (isIterable(replacements)) return pairs;
  // A new text says that the old one is a text, too; NULL does not.
  const key = numberLikeOf(Object.keys(replacements).filter((oldValue) => replacements[oldValue] === null));
  if (key === undefined) return pairs;
  throw new TypeError(
    `the keys of a record are texts, and ${key} looks like a number: give a Map, new Map([[${key}, null]]) for numbers`,
  );
}
