// Mirrors org.apache.spark.sql.functions: names it deprecates.
import { sum_distinct } from './aggregates';
import { bitwise_not, shiftleft, shiftright, shiftrightunsigned } from './bits';
import { call_function } from './core';
import { monotonically_increasing_id } from './environment';
import { approx_count_distinct } from './sketches';
import { degrees, radians } from './trigonometry';

// Names that Spark keeps for old programs.

/** @deprecated since Spark 2.1: use `approx_count_distinct`. */
export const approxCountDistinct = approx_count_distinct;

/** @deprecated since Spark 3.2: use `bitwise_not`. */
export const bitwiseNOT = bitwise_not;

/** @deprecated since Spark 3.5: use `call_function`. */
export const callUDF = call_function;

/** @deprecated since Spark 2.0: use `monotonically_increasing_id`. */
export const monotonicallyIncreasingId = monotonically_increasing_id;

/** @deprecated since Spark 3.2: use `shiftleft`. */
export const shiftLeft = shiftleft;

/** @deprecated since Spark 3.2: use `shiftright`. */
export const shiftRight = shiftright;

/** @deprecated since Spark 3.2: use `shiftrightunsigned`. */
export const shiftRightUnsigned = shiftrightunsigned;

/** @deprecated since Spark 3.2: use `sum_distinct`. */
export const sumDistinct = sum_distinct;

/** @deprecated since Spark 2.1: use `degrees`. */
export const toDegrees = degrees;

/** @deprecated since Spark 2.1: use `radians`. */
export const toRadians = radians;
