import { byteRange } from './byte-range';

it.each([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=2-5', { start: 2, end: 5 }],
  ['bytes=9-', { start: 9, end: 9 }],
  ['bytes=4-1000000000000000000000', { start: 4, end: 9 }],
  ['bytes=-3', { start: 7, end: 9 }],
  ['bytes=-99', { start: 0, end: 9 }],
  ['BYTES=1-2', { start: 1, end: 2 }],
] as const)('of ten bytes %s are these', (header, range) => {
  expect(byteRange(header, 10)).toEqual(range);
});

it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0', 'bytes=99999999999999999999-'])(
  'of ten bytes none is within %s',
  (header) => {
    expect(byteRange(header, 10)).toBe('unsatisfiable');
  },
);

it.each([
  undefined,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=a-b',
  'bytes=5-2',
  'bytes=0-1,3-4',
  'rows=0-1',
  'bytes=1.5-2',
])('all bytes are sent for %j', (header) => {
  expect(byteRange(header, 10)).toBeUndefined();
});
