import {
  NOT_AN_OBJECT,
  TRANSACTION_COLUMNS,
  TRANSACTION_CONTRACT,
  violationOf,
  wrongType,
} from '@millrace/domain';
import type { Column, ContractRule } from '@millrace/domain';

type Fields = Readonly<Record<string, unknown>>;

const ACCEPTED_TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  int: Number.isInteger,
  double: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  timestamp: (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value),
};

function parsed(value: string | Buffer): Fields | undefined {
  try {
    const fields: unknown = JSON.parse(String(value));
    return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
      ? (fields as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

const patterns = new Map(
  TRANSACTION_CONTRACT.flatMap((rule) =>
    rule.kind === 'pattern' ? [[rule, new RegExp(`^(?:${rule.pattern})$`)] as const] : [],
  ),
);

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

type Checks = {
  readonly [Kind in ContractRule['kind']]: (
    rule: ContractRule & { kind: Kind },
    fields: Fields,
    nowMs: number,
  ) => boolean;
};

/** Whether a rule is violated, of a field that is not null. */
const CHECKS: Checks = {
  required: () => false,
  one_of: ({ field, values }, fields) => !values.includes(textOf(fields[field])),
  not_empty: ({ field }, fields) => fields[field] === '',
  pattern: (rule, fields) => patterns.get(rule)?.test(textOf(fields[rule.field])) === false,
  range: ({ field, min, max }, fields) =>
    Number(fields[field]) < (min ?? -Infinity) || Number(fields[field]) > (max ?? Infinity),
  null_where: ({ other, values }, fields) => values.includes(textOf(fields[other])),
  null_unless: ({ other, values }, fields) => !values.includes(textOf(fields[other])),
  always_null: () => true,
  not_ahead: ({ field, maxSeconds }, fields, nowMs) =>
    Date.parse(textOf(fields[field])) > nowMs + maxSeconds * 1000,
  discounted_product: ({ field, quantity, price, discountPercent, tolerance }, fields) => {
    const share = 1 - Number(fields[discountPercent]) / 100;
    const product = Number(fields[quantity]) * Number(fields[price]) * share;
    return !(Math.abs(Number(fields[field]) - product) <= tolerance);
  },
};

function isViolated(rule: ContractRule, fields: Fields, nowMs: number): boolean {
  if ((fields[rule.field] ?? null) === null) return rule.kind === 'required';
  const check = CHECKS[rule.kind] as (rule: ContractRule, fields: Fields, nowMs: number) => boolean;
  return check(rule, fields, nowMs);
}

/**
 * Each reason for which the contract of transactions refuses the value of a message; none: it must be stored. An
 * implementation of the contract that shares nothing with the one that Spark runs but the rules.
 */
export function refusalsOf(value: string | Buffer, nowMs: number): string[] {
  const fields = parsed(value);
  if (fields === undefined) return [NOT_AN_OBJECT];
  const isOfType = ({ name, type }: Column) =>
    (fields[name] ?? null) === null || ACCEPTED_TYPES[type]?.(fields[name]) === true;
  return [
    ...TRANSACTION_COLUMNS.filter((column) => !isOfType(column)).map(({ name, type }) =>
      wrongType(name, type),
    ),
    ...TRANSACTION_CONTRACT.filter((rule) => isViolated(rule, fields, nowMs)).map(violationOf),
  ];
}
