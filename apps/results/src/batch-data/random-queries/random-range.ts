import * as fc from 'fast-check';
import type { Answer } from './expect-answer';
import type { Format } from './expected-answer';

/** Bytes of a file, the last one included; of no file, or of all of it, whatever was asked for. */
type Part = { readonly start: number; readonly end: number } | 'nothing' | 'everything';

/** What a request asks of a file of some size, and what it must get. */
export interface RandomRange {
  readonly header: (size: number) => string;
  readonly part: (size: number) => Part;
}

/** What else a request says of a file with a tag, and what becomes of the range then. */
export interface RandomCondition {
  readonly headers: (tag: string) => Readonly<Record<string, string>>;
  readonly method: 'GET' | 'HEAD';
  readonly answer: 'part' | 'everything' | 'known';
}

const OTHERS = [
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=x-y',
  'bytes=9-2',
  'bytes=0-1,3-4',
  'rows=0-1',
  'bytes=1.5-2',
  'bytes=+1-2',
  'bytes=0x1-2',
  'bytes=١-٢',
];

const unit = fc.constantFrom('bytes=', 'Bytes=', ' bytes=');
const place = fc.integer({ min: 0, max: 2 ** 31 });
const range = (header: RandomRange['header'], part: RandomRange['part']): RandomRange => ({ header, part });
/** A number of bytes, or some more than there are. */
const count = (number: number, size: number) => number % (size + 9);

const between = fc.tuple(unit, place, place).map(([text, at, more]) => {
  const end = (size: number) => (at % size) + count(more, size);
  return range(
    (size) => `${text}${at % size}-${end(size)}`,
    (size) => ({ start: at % size, end: Math.min(size - 1, end(size)) }),
  );
});
const from = fc.tuple(unit, place).map(([text, at]) =>
  range(
    (size) => `${text}${at % size}-`,
    (size) => ({ start: at % size, end: size - 1 }),
  ),
);
const last = fc.tuple(unit, place).map(([text, more]) =>
  range(
    (size) => `${text}-${1 + count(more, size)}`,
    (size) => ({ start: Math.max(0, size - 1 - count(more, size)), end: size - 1 }),
  ),
);
const ends = fc.constantFrom('', '99999999999999999999999');
const behind = fc.tuple(unit, fc.nat({ max: 9 }), ends).map(([text, more, end]) =>
  range(
    (size) => `${text}${size + more}-${end}`,
    () => 'nothing',
  ),
);
const none = unit.map((text) =>
  range(
    () => `${text}-0`,
    () => 'nothing',
  ),
);
const other = fc.constantFrom(...OTHERS).map((text) =>
  range(
    () => text,
    () => 'everything',
  ),
);

/** Of a file of which the size is not known before it is there. */
export const randomRange = (): fc.Arbitrary<RandomRange> =>
  fc.oneof(between, between, from, last, behind, none, other);

const CONDITIONS: readonly RandomCondition[] = [
  { headers: () => ({}), method: 'GET', answer: 'part' },
  { headers: (tag) => ({ 'if-range': tag }), method: 'GET', answer: 'part' },
  { headers: () => ({ 'if-none-match': '"x"' }), method: 'GET', answer: 'part' },
  { headers: (tag) => ({ 'if-range': `W/${tag}` }), method: 'GET', answer: 'everything' },
  { headers: () => ({ 'if-range': 'Wed, 15 Jan 2025 08:00:00 GMT' }), method: 'GET', answer: 'everything' },
  { headers: () => ({}), method: 'HEAD', answer: 'everything' },
  { headers: (tag) => ({ 'if-none-match': tag }), method: 'GET', answer: 'known' },
  {
    headers: (tag) => ({ 'if-none-match': `"x", W/${tag}`, 'if-range': tag }),
    method: 'HEAD',
    answer: 'known',
  },
];

export const randomCondition = (): fc.Arbitrary<RandomCondition> => fc.constantFrom(...CONDITIONS);

/** @param whole what was asked for without a range. */
export function expectPart(
  answer: Answer,
  whole: Answer,
  format: Format,
  { part }: RandomRange,
  condition: RandomCondition,
): void {
  const isFile = format === 'parquet';
  const { length } = whole.rawPayload;
  const asked = isFile && condition.answer === 'part' ? part(length) : 'everything';
  if (asked === 'nothing') {
    expect([answer.statusCode, answer.headers['content-range']]).toEqual([416, `bytes */${length}`]);
    return;
  }
  const ofAnswer = [answer.headers.etag, answer.headers['accept-ranges']];
  expect(ofAnswer).toEqual([whole.headers.etag, isFile ? 'bytes' : undefined]);
  if (condition.answer === 'known') expect([answer.statusCode, answer.body]).toEqual([304, '']);
  else expectBytes(answer, whole, asked, condition);
  if (isFile && condition.answer !== 'known') expectLength(answer, asked, length);
}

function expectBytes(
  answer: Answer,
  { rawPayload }: Answer,
  asked: Exclude<Part, 'nothing'>,
  { method }: RandomCondition,
): void {
  const bytes = asked === 'everything' ? rawPayload : rawPayload.subarray(asked.start, asked.end + 1);
  const range = asked === 'everything' ? undefined : `bytes ${asked.start}-${asked.end}/${rawPayload.length}`;
  const { 'content-range': told } = answer.headers;
  expect([answer.statusCode, told]).toEqual([asked === 'everything' ? 200 : 206, range]);
  expect(answer.rawPayload.equals(method === 'HEAD' ? Buffer.of() : bytes)).toBe(true);
}

function expectLength({ headers }: Answer, asked: Exclude<Part, 'nothing'>, whole: number): void {
  const length = asked === 'everything' ? whole : asked.end - asked.start + 1;
  expect(headers['content-length']).toBe(String(length));
}
