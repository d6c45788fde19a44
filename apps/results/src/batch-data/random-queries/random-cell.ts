import * as fc from 'fast-check';
import { decimalOf } from './cell';
import type { Cell, CellType } from './cell';

/** Some that are equal to each other often, and all that was ever hard to write or to compare. */
export const ODD_TEXTS: readonly string[] = [
  ...[
    '',
    'books',
    'toys',
    'Books',
    ' books',
    'null',
    'NaN',
    '0',
    '-1',
    'true',
    'a,b',
    'a:b',
    'a%2Cb',
    '%',
    '+',
    'x y',
  ],
  ...[
    '"',
    '""',
    "'",
    "it's",
    '\\',
    '\\"',
    '\n',
    'two\r\nlines',
    '\t',
    'a;b',
    '=1+1',
    '+1',
    '-x',
    '@x',
    '\rx',
    '＝1',
    "'=1",
  ],
  ...[
    'ä',
    'a\u0308',
    '日本',
    '\u{1F600}',
    '\u{10FFFF}',
    '\uE000',
    '\uFFFD',
    '\uFFFF',
    '\u200B',
    '\uFEFFx',
    'ß',
    'İ',
  ],
  ...[
    '\0',
    'a\0b',
    '\u0001',
    '\u001F',
    '\u007F',
    '\u2028',
    "' OR 1=1--",
    '$1',
    '${x}',
    '__proto__',
    'z'.repeat(300),
  ],
];

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);

const wholeNumber = (bits: bigint) => {
  const limit = 2n ** (bits - 1n);
  return fc.oneof(
    fc.bigInt(-3n, 3n),
    fc.constantFrom(-limit, limit - 1n, 1n - limit, limit - 2n),
    fc.bigInt(-limit, limit - 1n),
  );
};

const ODD_NUMBERS = [0, -0, NaN, Infinity, -Infinity, 1, -1, 0.1, 0.1 + 0.2, 1e-7, 1e21, 5e-324, -1.5];
const double = fc.oneof(
  fc.constantFrom(...ODD_NUMBERS, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53),
  fc.double(),
  fc.integer({ min: -300, max: 300 }).map((cents) => cents / 100),
);
const float = fc.oneof(fc.constantFrom(...ODD_NUMBERS, 3.4028234663852886e38), fc.float()).map(Math.fround);

const MICROS_OF_DAY = 86_400_000_000n;
const microsOf = (text: string) => BigInt(Date.parse(text)) * 1_000n;
/** Of the years that have four digits. */
const [FIRST, LAST] = [microsOf('0001-01-01T00:00:00Z'), microsOf('9999-12-31T23:59:59.999Z') + 999n];
const NOW = microsOf('2025-01-15T08:00:00Z');
const micros = fc.oneof(
  fc.bigInt(-3n, 3n).map((step) => NOW + step),
  fc.bigInt(-3n, 3n).map((step) => NOW + step * 1_000_000n),
  fc.constantFrom(
    FIRST,
    LAST,
    -1n,
    0n,
    -1_001n,
    microsOf('1969-12-31T23:59:59.999Z'),
    microsOf('2262-05-01T00:00:00Z'),
  ),
  fc.bigInt(FIRST, LAST),
);
const days = fc.oneof(
  fc.bigInt(-2n, 2n).map((step) => NOW / MICROS_OF_DAY + step),
  fc.constantFrom(0n, -1n, FIRST / MICROS_OF_DAY, LAST / MICROS_OF_DAY),
);

const CELLS: Readonly<Partial<Record<CellType, fc.Arbitrary<Cell>>>> = {
  string: text,
  long: wholeNumber(64n),
  integer: wholeNumber(32n),
  short: wholeNumber(16n),
  byte: wholeNumber(8n),
  float,
  double,
  boolean: fc.boolean(),
  binary: fc.uint8Array({ maxLength: 5 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  date: days,
  timestamp: micros,
  timestamp_ntz: micros,
  'array<string>': fc.array(fc.option(text), { maxLength: 3 }),
};

/** A value of a type that is not null. */
export function valueOf(type: CellType): fc.Arbitrary<Cell> {
  const limit = 10n ** BigInt(decimalOf(type)?.precision ?? 1);
  return (
    CELLS[type] ?? fc.oneof(fc.bigInt(-3n, 3n), fc.constant(limit - 1n), fc.bigInt(1n - limit, limit - 1n))
  );
}

export const cellOf = (type: CellType, isNullable: boolean): fc.Arbitrary<Cell> =>
  isNullable ? fc.option(valueOf(type), { freq: 5 }) : valueOf(type);
