/**
 * A rule of an event's contract, as data: what a violation is called here, whoever checks it. A field that is null
 * violates `required` and nothing else.
 */
export type ContractRule =
  | { readonly kind: 'required'; readonly field: string }
  | { readonly kind: 'one_of'; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: 'not_empty'; readonly field: string }
  /** `pattern` is a regular expression of Java and JavaScript alike, for the whole value. */
  | { readonly kind: 'pattern'; readonly field: string; readonly pattern: string; readonly violation: string }
  /** Bounds are included; a number must be finite too. */
  | {
      readonly kind: 'range';
      readonly field: string;
      readonly min: number | null;
      readonly max: number | null;
    }
  /** Null where the other field has one of these values. */
  | NullRule<'null_where'>
  /** Null unless the other field has one of these values. */
  | NullRule<'null_unless'>
  | { readonly kind: 'always_null'; readonly field: string }
  /** Not later than this after the event was read. */
  | { readonly kind: 'not_ahead'; readonly field: string; readonly maxSeconds: number }
  /** The product of a quantity, a price and what a discount (percent, null: none) leaves, to `tolerance`. */
  | {
      readonly kind: 'discounted_product';
      readonly field: string;
      readonly quantity: string;
      readonly price: string;
      readonly discountPercent: string;
      readonly tolerance: number;
    };

interface NullRule<Kind extends string> {
  readonly kind: Kind;
  readonly field: string;
  readonly other: string;
  readonly values: readonly string[];
}

/** Rules of whether a field is null, not of its value. */
export type NullnessRule = Extract<
  ContractRule,
  { readonly kind: 'required' | 'null_where' | 'null_unless' | 'always_null' }
>;

/** The reason of an event that is no JSON object at all. */
export const NOT_AN_OBJECT = 'value: not a JSON object';

/** The reason of a field that is there but of another type. */
export const wrongType = (field: string, type: string): string => `${field}: not of type ${type}`;

/** Why an event that violates the rule is refused: `<field>: <what is wrong>`, never a value, so reasons can be counted. */
export function violationOf(rule: ContractRule): string {
  return `${rule.field}: ${whatIsWrong(rule)}`;
}

function whatIsWrong(rule: ContractRule): string {
  switch (rule.kind) {
    case 'one_of':
      return 'not one of the known values';
    case 'not_empty':
      return 'empty';
    case 'pattern':
      return rule.violation;
    case 'range':
      return outside(rule.min, rule.max);
    case 'not_ahead':
      return `more than ${rule.maxSeconds} s ahead of the clock`;
    case 'discounted_product':
      return `not ${rule.quantity} * ${rule.price} * (1 - ${rule.discountPercent} / 100)`;
    default:
      return whyNull(rule);
  }
}

function whyNull(rule: NullnessRule): string {
  switch (rule.kind) {
    case 'required':
      return 'missing';
    case 'null_where':
      return `must be null where ${rule.other} is ${rule.values.join(' or ')}`;
    case 'null_unless':
      return `must be null unless ${rule.other} is ${rule.values.join(' or ')}`;
    case 'always_null':
      return 'must be null';
  }
}

function outside(min: number | null, max: number | null): string {
  if (min === null && max === null) return 'not a finite number';
  if (min === null) return `above ${String(max)}`;
  return max === null ? `below ${min}` : `not between ${min} and ${max}`;
}
