import type { DataFrame } from '../../dataframe/dataframe';
import type { SparkSession } from '../../session/spark-session';
import type { Column } from '../column';

/** A call of one function, selected from `input` (one row, `range(1)`, unless given). Nothing is built before the test runs. */
interface SelectedCall {
  readonly call: () => Column | readonly Column[];
  readonly input?: (spark: SparkSession) => DataFrame | Promise<DataFrame>;
}

/** For functions that cannot be selected (partition transforms, `broadcast`): a query that uses the function. */
interface WholeQuery {
  readonly query: (spark: SparkSession) => DataFrame | Promise<DataFrame>;
}

/** What the server must answer. */
type Expectation =
  /** The first column of the only row, as `toEqual` compares. */
  | { readonly gives: unknown }
  /** All rows, in any order. */
  | { readonly rows: readonly unknown[] }
  /** Where the value differs from run to run: the DDL type of the first column, which is not NULL. */
  | { readonly type: string }
  /** The error class, where the function's work is to fail. */
  | { readonly error: string };

/** One function called once on the real server. */
export type LiveCase = (SelectedCall | WholeQuery) & Expectation;

/** The cases of one file, by the function's name in Spark. */
export type LiveTable = Readonly<Record<string, LiveCase>>;
