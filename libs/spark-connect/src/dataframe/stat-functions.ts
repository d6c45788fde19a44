import { ProtocolError } from '../errors/spark-connect-error';
import type { ActionOptions } from '../execute/action-options';
import { toExpression, type ColumnOrName } from '../functions/call';
import type { Relation } from '../generated/spark/connect/relations_pb';
import { literalOf, type LiteralValue } from '../plan/literal';
import type { RelationType } from '../plan/relation';
import type { Row, RowValue } from '../types/row';
import type { DataFrame } from './dataframe';
import { entriesOf, isIterable, numberLikeOf } from './entries';
import { seedOf } from './sampling';

/**
 * The share of rows to take of each value of a column, from 0 to 1: a `Map` or pairs, or a record where the values are texts. Rows of other
 * values are left out.
 */
export type Fractions =
  Iterable<readonly [stratum: LiteralValue, fraction: number]> | Readonly<Record<string, number>>;

/** Statistics of columns: `df.stat`. Mirrors `org.apache.spark.sql.DataFrameStatFunctions`. */
export class DataFrameStatFunctions<T extends object> {
  constructor(
    private readonly input: Relation,
    private readonly transformed: <U extends object = Row>(relType: RelationType) => DataFrame<U>,
  ) {}

  /** Pearson's correlation of two number columns; runs a job. Fails with `DIVIDE_BY_ZERO` where one of them does not vary. */
  async corr(column1: string, column2: string, options: ActionOptions = {}): Promise<number> {
    const value = { input: this.input, col1: column1, col2: column2, method: 'pearson' };
    return numberOf(await this.valueOf({ case: 'corr', value }, options));
  }

  /** The sample covariance of two number columns; runs a job. */
  async cov(column1: string, column2: string, options: ActionOptions = {}): Promise<number> {
    const value = { input: this.input, col1: column1, col2: column2 };
    return numberOf(await this.valueOf({ case: 'cov', value }, options));
  }

  /**
   * Quantiles of number columns; runs a job.
   * @param probabilities - from 0 (the minimum) to 1 (the maximum).
   * @param relativeError - how far off in rank, as a share of the rows; 0 is exact and can be dear.
   * @returns one number a probability; for a list of columns, such a list of each. NULL and NaN do not count; of nothing but them, none.
   */
  approxQuantile(
    column: string,
    probabilities: readonly number[],
    relativeError: number,
    options?: ActionOptions,
  ): Promise<number[]>;
  approxQuantile(
    columns: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
    options?: ActionOptions,
  ): Promise<number[][]>;
  async approxQuantile(
    columns: string | readonly string[],
    probabilities: readonly number[],
    relativeError: number,
    options: ActionOptions = {},
  ): Promise<number[] | number[][]> {
    const cols = typeof columns === 'string' ? [columns] : [...columns];
    const value = { input: this.input, cols, probabilities: [...probabilities], relativeError };
    const ofColumns = listOf(await this.valueOf({ case: 'approxQuantile', value }, options));
    const quantiles = ofColumns.map((ofColumn) => listOf(ofColumn).map(numberOf));
    return typeof columns === 'string' ? (quantiles[0] ?? []) : quantiles;
  }

  /** How often each pair of values occurs: a row for each value of the first column, a column for each of the second. Runs a job. */
  crosstab(column1: string, column2: string): DataFrame {
    return this.transformed({
      case: 'crosstab',
      value: { input: this.input, col1: column1, col2: column2 },
    });
  }

  /** One row with arrays of the values that occur in at least the share `support` of the rows, maybe with others. */
  freqItems(columns: readonly string[], support = 0.01): DataFrame {
    return this.transformed({ case: 'freqItems', value: { input: this.input, cols: [...columns], support } });
  }

  /**
   * A sample, without replacement, with a share of its own for each value of a column: `sampleBy('id', new Map([[0, 0.1], [1, 0.2]]))`.
   * @throws TypeError for a record with a key that may have been a number, which would match texts only: give a `Map`.
   */
  sampleBy(column: ColumnOrName, fractions: Fractions, seed?: number | bigint): DataFrame<T> {
    const shares = strataOf(fractions).map(([stratum, fraction]) => ({
      stratum: literalOf(stratum),
      fraction,
    }));
    const value = { input: this.input, col: toExpression(column), fractions: shares, seed: seedOf(seed) };
    return this.transformed<T>({ case: 'sampleBy', value });
  }

  private async valueOf(relType: RelationType, options: ActionOptions): Promise<RowValue> {
    const [row] = await this.transformed(relType).collect(options);
    const [value] = Object.values(row ?? {});
    if (value === undefined) throw new ProtocolError('asked for a statistic, got no row');
    return value;
  }
}

function strataOf(fractions: Fractions): (readonly [LiteralValue, number])[] {
  const key = isIterable(fractions) ? undefined : numberLikeOf(Object.keys(fractions));
  if (key === undefined) return entriesOf(fractions);
  throw new TypeError(
    `the keys of a record are texts, and ${key} looks like a number: give the fractions as a Map, new Map([[${key}, 0.1]]) for numbers`,
  );
}

function numberOf(value: RowValue): number {
  if (typeof value === 'number') return value;
  throw new ProtocolError(`asked for a number, got a ${typeof value}`);
}

function listOf(value: RowValue): readonly RowValue[] {
  if (Array.isArray(value)) return value as readonly RowValue[];
  throw new ProtocolError(`asked for a list, got a ${typeof value}`);
}
