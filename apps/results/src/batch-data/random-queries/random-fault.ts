import * as fc from 'fast-check';
import { isComparable } from './cell';
import type { ModelVersion } from './model-table';
import { wrongValues } from './random-filter';
import { randomQuery } from './random-query';
import type { Parameters, Target } from './random-query';
import { versionOf } from './expected-answer';
import { wrongHours } from './random-group';

/** Parameters that must be refused, and the one that the refusal must name. */
export interface Fault {
  readonly field: string;
  readonly parameters: Parameters;
}

export const HOSTILE_TEXTS: readonly string[] = [
  ...[
    "' OR 1=1--",
    "'; DROP TABLE x; --",
    '1) UNION SELECT * FROM read_text(1)',
    '${1+1}',
    '{{7*7}}',
    '$1',
    '%s%n',
  ],
  ...[
    '\0',
    'a\0b',
    '\r\nX-Header: 1',
    '\u0001',
    '\u001B[2J',
    '\u2028',
    '\uFFFF',
    '\u{1F600}',
    '\uFEFF',
    '../../etc/passwd',
    '%2e%2e%2f',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '[object Object]',
    'undefined',
    'NaN',
    '-0',
    '1e999',
    '0x10',
    '٣',
  ],
  ...[
    '9'.repeat(16),
    '9'.repeat(5_000),
    'x'.repeat(20_000),
    ','.repeat(3_000),
    ':'.repeat(100),
    '"',
    '<script>',
    '*',
    '?',
    '#',
    '&=',
  ],
];

export const WRONG_NUMBERS = [
  '',
  '-1',
  '1.5',
  '1e3',
  ' 1',
  '1 ',
  '+1',
  '0x10',
  '١',
  '9'.repeat(16),
  '9'.repeat(5_000),
];
const WRONG_TIMES = [
  '',
  '2025-01-15',
  '2025-01-15T08:00:00',
  '1700000000',
  'now',
  '2025-02-30T00:00:00Z',
  '2025-01-15T08:00:00+25:00',
];
const TIMES_OF_NO_VERSION = [
  '1969-12-31T23:59:59Z',
  '2025-01-15T07:59:59.999Z',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00Z',
];
const UNKNOWN = ['x', 'Limit', 'limit ', 'filter[]', 'page', '', '__proto__', 'constructor', 'toString'];
const CURSORS = [
  '',
  'x',
  'WzBd',
  'WzAsIiJd',
  'WzEsIkFBQUFBQUFBQUFBQUFBQUEiXQ',
  'bnVsbA',
  'e30',
  '==',
  '[0,""]',
];
const FORMATS = ['', 'xml', 'JSON', 'csv ', 'json,csv'];
const REPEATABLE = ['limit', 'offset', 'columns', 'sort', 'format', 'versionAsOf', 'timestampAsOf', 'cursor'];
const TOO_MANY_FILTERS = 21;
const TOO_MANY_VALUES = 101;

/** A query that would be answered but for one fault. */
export function randomFault(target: Target): fc.Arbitrary<Fault & { readonly accept: string | undefined }> {
  const version = versionOf(target);
  const all = target.counted === undefined ? FAULTS : [...FAULTS, ...FAULTS_OF_COUNTED];
  const faults = fc.oneof(...all.map((fault) => fault(version, target)));
  // The version that the batch committed need not have the columns of another one.
  const ofVersions = ['versionAsOf', 'timestampAsOf', 'columns', 'filter', 'sort'];
  return fc.tuple(randomQuery(target), faults).map(([{ parameters, accept }, fault]) => {
    const taken = [
      ...fault.parameters.map(([name]) => name),
      ...(fault.field === 'cursor' ? ['offset'] : []),
      ...ofVersions,
    ];
    const others = parameters.filter(([name]) => !taken.includes(name));
    return { ...fault, parameters: [...others, ...fault.parameters], accept };
  });
}

type Faults = (version: ModelVersion, target: Target) => fc.Arbitrary<Fault>;

const oneOf = (field: string, values: readonly string[]): fc.Arbitrary<Fault> =>
  fc.constantFrom(...values).map((value) => ({ field, parameters: [[field, value]] }));

const FAULTS: readonly Faults[] = [
  () => oneOf('limit', [...WRONG_NUMBERS, ...HOSTILE_TEXTS]),
  () => oneOf('offset', [...WRONG_NUMBERS, ...HOSTILE_TEXTS]),
  () => oneOf('format', [...FORMATS, ...HOSTILE_TEXTS]),
  () => oneOf('versionAsOf', [...WRONG_NUMBERS, ...HOSTILE_TEXTS, '5', '999999999999999']),
  () => oneOf('timestampAsOf', [...WRONG_TIMES, ...HOSTILE_TEXTS, ...TIMES_OF_NO_VERSION]),
  () => oneOf('cursor', [...CURSORS, ...HOSTILE_TEXTS]),
  () =>
    fc.constant({
      field: 'cursor',
      parameters: [
        ['cursor', 'x'],
        ['offset', '1'],
      ],
    }),
  () =>
    fc.constant({
      field: 'timestampAsOf',
      parameters: [
        ['versionAsOf', '1'],
        ['timestampAsOf', '2025-01-15T09:00:01Z'],
      ],
    }),
  () =>
    fc.constantFrom(...REPEATABLE).map((name) => ({
      field: name,
      parameters: [
        [name, '1'],
        [name, '1'],
      ],
    })),
  () => fc.constantFrom(...UNKNOWN).map((name) => ({ field: name, parameters: [[name, '1']] })),
  (_version, { path }) =>
    oneOf(
      'analysis',
      path.includes('agg') ? ['', 'nope', 'full_report', ...HOSTILE_TEXTS] : ['fraud_analysis'],
    ),
  (version) => oneOf('columns', noColumns(version)),
  (version) => oneOf('sort', [...noColumns(version), '-', ...noOrder(version), 'a,b,c,d,e,f']),
  wrongFilter,
];

/** Of the route of the rows that an analysis counted. */
const FAULTS_OF_COUNTED: readonly Faults[] = [
  () => oneOf('versionAsOf', ['1', '2']),
  () => oneOf('timestampAsOf', ['2025-01-15T10:00:00Z']),
  () => oneOf('columns', ['event_hour']),
  () => oneOf('sort', ['event_hour', '-event_hour']),
  () => fc.constantFrom(...wrongHours()).map((parameters) => ({ field: 'filter', parameters })),
];

function noColumns({ columns }: ModelVersion): string[] {
  const names = columns.map(({ name }) => name);
  const others = [
    ...HOSTILE_TEXTS,
    '',
    'nope',
    ...names.map((name) => `${name},`),
    ...names.map((name) => `${name} `),
  ];
  return [...others, ...names.map((name) => name.toUpperCase())].filter(
    (text) => !text.split(',').every((name) => names.includes(name)),
  );
}

const noOrder = ({ columns }: ModelVersion) =>
  columns.filter(({ type, name }) => !isComparable(type) && !name.includes(',')).map(({ name }) => name);

function wrongFilter(version: ModelVersion): fc.Arbitrary<Fault> {
  const columns = version.columns.filter(({ name }) => !name.includes(':'));
  const texts = columns.flatMap(({ name, type }) =>
    isComparable(type)
      ? wrongValues(type).flatMap((value) => [
          `${name}:eq:${value}`,
          `${name}:ge:${value}`,
          `${name}:in:${value}`,
        ])
      : [`${name}:eq:x`, `${name}:in:`],
  );
  const forms = columns.flatMap(({ name }) => [
    name,
    `${name}:`,
    `${name}:eq`,
    `${name}:null:`,
    `${name}:like:x`,
    `${name}:EQ:1`,
    `:eq:${name}`,
    `${name} :null`,
  ]);
  const known = columns[0]?.name ?? '';
  const many = [`${known}:in:${','.repeat(TOO_MANY_VALUES - 1)}`];
  const tooMany: Parameters = Array.from({ length: TOO_MANY_FILTERS }, () => ['filter', `${known}:null`]);
  return fc.oneof(
    { weight: 9, arbitrary: oneOf('filter', [...texts, ...forms, ...many, ...HOSTILE_TEXTS]) },
    { weight: 1, arbitrary: fc.constant({ field: 'filter', parameters: tooMany }) },
  );
}
