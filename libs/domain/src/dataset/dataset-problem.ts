import type { z } from 'zod';

/** One thing that is wrong with a definition. */
export interface DatasetProblem {
  /** Where in the JSON, like `fields[3].distribution.sigma`; empty: the document itself. */
  readonly path: string;
  /** What it must be instead. */
  readonly message: string;
}

/** A definition that cannot be used. The message has a line for each problem: `fields[3].distribution.sigma: must be above 0`. */
export class InvalidDatasetDefinition extends Error {
  override readonly name = 'InvalidDatasetDefinition';

  constructor(
    readonly problems: readonly DatasetProblem[],
    options?: ErrorOptions,
  ) {
    super(problems.map(({ path, message }) => `${path || 'definition'}: ${message}`).join('\n'), options);
  }
}

const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

/** `fields[3].cases["e-commerce"]` of its steps. */
export function jsonPath(steps: readonly PropertyKey[]): string {
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    const key = String(step);
    if (!PLAIN_KEY.test(key)) return `${path}[${JSON.stringify(key)}]`;
    return path === '' ? key : `${path}.${key}`;
  }, '');
}

/** What zod has found, each by its path; a key that there is not, by the path of the key. */
export function problemsOf(error: z.ZodError): readonly DatasetProblem[] {
  const { issues } = error;
  return issues.filter((issue, index) => !isConsequence(issue, index, issues)).flatMap(problemsOfIssue);
}

function problemsOfIssue(issue: z.core.$ZodIssue): readonly DatasetProblem[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path: jsonPath(path), message }];
  return issue.keys.map((key) => ({ path: jsonPath([...path, key]), message }));
}

/** Our own rules are asked of what is wrong already, too: a list without entries has none that weighs something. */
function isConsequence(
  { code, path }: z.core.$ZodIssue,
  index: number,
  issues: readonly z.core.$ZodIssue[],
): boolean {
  if (code !== 'custom') return false;
  return issues.some((other, at) => {
    const isInside = path.every((step, depth) => step === other.path[depth]);
    return isInside && (other.path.length > path.length || at < index);
  });
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const UNITS: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
};

function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      // A discriminator: zod tells which ones there are.
      return Array.isArray(issue['options']) ? oneOf(issue['options']) : undefined;
    case 'too_small':
      return bound(issue.inclusive === false ? 'above' : 'at least', issue.minimum, issue.origin);
    case 'too_big':
      return bound(issue.inclusive === false ? 'below' : 'at most', issue.maximum, issue.origin);
    default:
      return undefined;
  }
}

const bound = (word: string, limit: number | bigint, origin: string): string =>
  `${word} ${limit}${UNITS[origin] ?? ''}`;

function oneOf(values: readonly unknown[]): string {
  const list = values.map(String).join(', ');
  return values.length === 1 ? list : `one of: ${list}`;
}

/** The words of all definitions for what zod finds, as the `error` of a parse. */
export function explainIssue(issue: z.core.$ZodRawIssue): string | undefined {
  const expected = expectation(issue);
  if (expected === undefined) return undefined;
  return issue.input === undefined ? `is missing; it must be ${expected}` : `must be ${expected}`;
}
