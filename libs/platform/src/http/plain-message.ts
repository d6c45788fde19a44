/** A problem as zod tells it, with what it adds for some codes. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string;
  /** That a strict object does not know. */
  readonly keys?: readonly string[];
  /** Type that the value does not have. */
  readonly expected?: string;
  /** All that the value may be. */
  readonly values?: readonly unknown[];
  /** Type of a value that is too small or too big. */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  /** What is wrong with a key. */
  readonly issues?: readonly Issue[];
}

/** How zod begins where a schema has no words of its own. */
const WORDS_OF_ZOD = /^(Invalid (input|option|key)|Too (small|big))\b/;

const TYPES = new Map([
  ['string', 'text'],
  ['number', 'a number'],
  ['int', 'a whole number'],
  ['boolean', 'true or false'],
  ['array', 'a list'],
  ['object', 'an object'],
  ['record', 'an object'],
]);

/** What is wrong, in the words of the schema where it has any, otherwise in ours. */
export function plainMessage(issue: Issue): string {
  return WORDS_OF_ZOD.test(issue.message) ? (ourWords(issue) ?? issue.message) : issue.message;
}

function ourWords(issue: Issue): string | undefined {
  const { code, values = [], expected = '', issues = [] } = issue;
  if (code === 'invalid_key') return issues.map(plainMessage).at(0);
  if (code === 'invalid_value') return `must be ${values.length === 1 ? '' : 'one of: '}${values.join(', ')}`;
  if (code === 'invalid_type') return `must be ${TYPES.get(expected) ?? expected}`;
  return issue.origin === 'string' ? lengthOf(issue) : boundOf(issue);
}

function lengthOf(issue: Issue): string | undefined {
  if (issue.code === 'too_small' && Number(issue.minimum) === 1) return 'must not be empty';
  const bound = boundOf(issue);
  return bound && `${bound.replace('must be', 'must have')} characters`;
}

function boundOf({ code, minimum, maximum }: Issue): string | undefined {
  if (code === 'too_small' && minimum !== undefined) return `must be at least ${String(minimum)}`;
  if (code === 'too_big' && maximum !== undefined) return `must be at most ${String(maximum)}`;
  return undefined;
}
