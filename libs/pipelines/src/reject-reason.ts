import { NOT_AN_OBJECT, violationOf, wrongType } from '@millrace/domain';
import type { Column as EventColumn, ContractRule, NullnessRule } from '@millrace/domain';
import { abs, coalesce, col, expr, get_json_object, lit, when } from 'spark-connect-js/functions';
import type { Column } from 'spark-connect-js';

/** What `from_json` fills where a value is not what the schema says. */
export const CORRUPT_RECORD = '_corrupt_record';

/**
 * Why an event is refused, or null where it keeps its contract. The columns are those of `from_json` with
 * {@link CORRUPT_RECORD} as the last field.
 * @param json The text that was parsed.
 * @param now When it was read.
 */
export function rejectReason(
  json: Column,
  columns: readonly EventColumn[],
  rules: readonly ContractRule[],
  now: Column,
): Column {
  const notParsed = json.isNull().or(col(CORRUPT_RECORD).isNotNull());
  return when(notParsed, parseFailure(json, columns)).otherwise(firstViolation(rules, now));
}

/** What the first violated rule is called, or null. */
function firstViolation(rules: readonly ContractRule[], now: Column): Column {
  return coalesce(...rules.map((rule) => when(isViolated(rule, now), lit(violationOf(rule)))));
}

/** Only evaluated for what could not be parsed, so the text may be looked at a second time. */
function parseFailure(json: Column, columns: readonly EventColumn[]): Column {
  const mistyped = columns.map(({ name, type }) =>
    when(
      col(name)
        .isNull()
        .and(get_json_object(json, `$.${name}`).isNotNull()),
      lit(wrongType(name, type)),
    ),
  );
  return coalesce(...mistyped, lit(NOT_AN_OBJECT));
}

/** Null (which `when` takes for false) where the field is null, except for `required`. */
function isViolated(rule: ContractRule, now: Column): Column {
  const field = col(rule.field);
  switch (rule.kind) {
    case 'one_of':
      return field.isin(...rule.values).not();
    case 'not_empty':
      return field.eq('');
    case 'pattern':
      // `$` would let a line break follow.
      return field.rlike(`^(?:${rule.pattern})\\z`).not();
    case 'range':
      return isOutside(field, rule.min, rule.max);
    case 'not_ahead':
      return field.gt(now.plus(expr(`INTERVAL '${rule.maxSeconds}' SECOND`)));
    case 'discounted_product': {
      const factor = lit(1).minus(coalesce(col(rule.discountPercent), lit(0)).divide(100));
      const product = col(rule.quantity).multiply(col(rule.price)).multiply(factor);
      return abs(field.minus(product)).leq(rule.tolerance).not();
    }
    default:
      return isWronglyNullOrNot(rule);
  }
}

function isWronglyNullOrNot(rule: NullnessRule): Column {
  const field = col(rule.field);
  switch (rule.kind) {
    case 'required':
      return field.isNull();
    case 'always_null':
      return field.isNotNull();
    case 'null_where':
      return field.isNotNull().and(col(rule.other).isin(...rule.values));
    case 'null_unless':
      return field.isNotNull().and(
        col(rule.other)
          .isin(...rule.values)
          .not(),
      );
  }
}

/** NaN and the infinities compare as numbers in Spark, so they are named: the largest double is the bound that is not given. */
function isOutside(field: Column, min: number | null, max: number | null): Column {
  return field.between(min ?? -Number.MAX_VALUE, max ?? Number.MAX_VALUE).not();
}
