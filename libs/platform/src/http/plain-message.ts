/** What zod found, before it has words for it, with what it adds for some codes. */
export interface Problem {
  readonly code?: string;
  /** Type that the value does not have. */
  readonly expected?: string;
  /** All that the value may be. */
  readonly values?: readonly unknown[];
  /** Type of a value that is too small or too big. */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  /** What is wrong with a key. */
  readonly issues?: readonly { readonly message: string }[];
}

export const UNKNOWN_FIELD = 'is not a known field';

const TYPES = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
]);

/** What is wrong, for a schema that has no words of its own; undefined: in zod's. */
export function plainMessage(problem: Problem): string | undefined {
  switch (problem.code) {
    case 'invalid_key':
      return problem.issues?.at(0)?.message;
    case 'invalid_value':
      return `must be ${choiceOf(problem.values ?? [])}`;
    case 'invalid_type':
      return `must be ${typeOf(problem.expected ?? 'something else')}`;
    case 'unrecognized_keys':
      return UNKNOWN_FIELD;
    default:
      return problem.origin === 'string' ? lengthOf(problem) : boundOf(problem);
  }
}

function choiceOf(values: readonly unknown[]): string {
  return `${values.length === 1 ? '' : 'one of: '}${values.join(', ')}`;
}

function typeOf(expected: string): string {
  return TYPES.get(expected) ?? expected;
}

function lengthOf(problem: Problem): string | undefined {
  if (problem.code === 'too_small' && Number(problem.minimum) === 1) return 'must not be empty';
  const bound = boundOf(problem);
  return bound && `${bound.replace('must be', 'must have')} characters`;
}

function boundOf({ code, minimum, maximum }: Problem): string | undefined {
  if (code === 'too_small' && minimum !== undefined) return `must be at least ${String(minimum)}`;
  if (code === 'too_big' && maximum !== undefined) return `must be at most ${String(maximum)}`;
  return undefined;
}
