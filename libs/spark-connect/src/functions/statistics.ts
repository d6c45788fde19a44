// Mirrors org.apache.spark.sql.functions: aggregate functions of statistics.
import { call, callWith, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

/** The standard deviation of a sample (divided by n - 1); NULL for one value. */
export function stddev(column: ColumnOrName): Column {
  return call('stddev', column);
}

/** As `stddev`. */
export function std(column: ColumnOrName): Column {
  return call('std', column);
}

/** As `stddev`. */
export function stddev_samp(column: ColumnOrName): Column {
  return call('stddev_samp', column);
}

/** The standard deviation of a whole population (divided by n). */
export function stddev_pop(column: ColumnOrName): Column {
  return call('stddev_pop', column);
}

/** The variance of a sample (divided by n - 1); NULL for one value. */
export function variance(column: ColumnOrName): Column {
  return call('variance', column);
}

/** As `variance`. */
export function var_samp(column: ColumnOrName): Column {
  return call('var_samp', column);
}

/** The variance of a whole population (divided by n). */
export function var_pop(column: ColumnOrName): Column {
  return call('var_pop', column);
}

/** How lopsided the values lie: 0 where they are symmetrical. */
export function skewness(column: ColumnOrName): Column {
  return call('skewness', column);
}

/** The excess kurtosis: 0 for a normal distribution. */
export function kurtosis(column: ColumnOrName): Column {
  return call('kurtosis', column);
}

/** Pearson's correlation of the pairs without NULL. */
export function corr(column1: ColumnOrName, column2: ColumnOrName): Column {
  return call('corr', column1, column2);
}

/** The covariance of a whole population. */
export function covar_pop(column1: ColumnOrName, column2: ColumnOrName): Column {
  return call('covar_pop', column1, column2);
}

/** The covariance of a sample. */
export function covar_samp(column1: ColumnOrName, column2: ColumnOrName): Column {
  return call('covar_samp', column1, column2);
}

/** The exact median; it holds the whole group in memory, `percentile_approx` does not. */
export function median(column: ColumnOrName): Column {
  return call('median', column);
}

/**
 * The exact percentile, interpolated: `percentile('latency', 0.99)`; an array of them for several percentages.
 * @param percentage - from 0 to 1, a constant.
 * @param frequency - how often each row counts.
 */
export function percentile(
  column: ColumnOrName,
  percentage: Column | number | readonly number[],
  frequency?: ColumnOrName | number,
): Column {
  const counted = typeof frequency === 'number' ? lit(frequency) : frequency;
  return call('percentile', column, fractions(percentage), ...(counted === undefined ? [] : [counted]));
}

/**
 * A value of the group near the percentile; an array of them for several percentages.
 * @param accuracy - the greater the more exact (and the more memory); the server's default is 10000.
 */
export function percentile_approx(
  column: ColumnOrName,
  percentage: Column | number | readonly number[],
  accuracy?: Column | number,
): Column {
  return callWith('percentile_approx', [column], [fractions(percentage), accuracy]);
}

/** As `percentile_approx`. */
export function approx_percentile(
  column: ColumnOrName,
  percentage: Column | number | readonly number[],
  accuracy?: Column | number,
): Column {
  return callWith('approx_percentile', [column], [fractions(percentage), accuracy]);
}

/** An array of structs `x` (centre of a bin) and `y` (its height): at most `bins` of them, at least 2. */
export function histogram_numeric(column: ColumnOrName, bins: Column | number): Column {
  return callWith('histogram_numeric', [column], [bins]);
}

/** The mean of the independent variable `x`, over pairs without NULL. */
export function regr_avgx(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_avgx', y, x);
}

/** The mean of the dependent variable `y`, over pairs without NULL. */
export function regr_avgy(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_avgy', y, x);
}

/** Pairs without NULL. */
export function regr_count(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_count', y, x);
}

/** Where the regression line crosses the `y` axis. */
export function regr_intercept(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_intercept', y, x);
}

/** How well the regression line fits, from 0 to 1. */
export function regr_r2(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_r2', y, x);
}

/** The slope of the regression line. */
export function regr_slope(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_slope', y, x);
}

/** The sum of the squared distances of `x` from its mean. */
export function regr_sxx(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_sxx', y, x);
}

/** The sum of the products of both distances from the mean. */
export function regr_sxy(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_sxy', y, x);
}

/** The sum of the squared distances of `y` from its mean. */
export function regr_syy(y: ColumnOrName, x: ColumnOrName): Column {
  return call('regr_syy', y, x);
}

function fractions(percentage: Column | number | readonly number[]): Column {
  if (typeof percentage === 'number') return lit(percentage);
  return 'expression' in percentage
    ? percentage
    : call('array', ...percentage.map((fraction) => lit(fraction)));
}
