import type { OffsetSpec } from '@millrace/domain';
import { resolveOffsets } from './resolve-offsets';

const TOPIC = [
  { partition: 0, first: 10, end: 20 },
  { partition: 1, first: 0, end: 0 },
];

const resolve = (startOffset: OffsetSpec, endOffset: OffsetSpec) =>
  resolveOffsets({ startOffset, endOffset }, TOPIC);

function detailsOf(startOffset: OffsetSpec, endOffset: OffsetSpec): unknown {
  try {
    return resolve(startOffset, endOffset);
  } catch (error) {
    return (error as { details?: unknown }).details;
  }
}

describe('resolving offsets', () => {
  it('takes the whole topic from earliest to latest', () => {
    expect(resolve('earliest', 'latest')).toEqual({
      start: { '0': 10, '1': 0 },
      end: { '0': 20, '1': 0 },
    });
  });

  it('takes the numbers of maps, the first retained offset and the end included', () => {
    const map = { '0': 10, '1': 0 };
    const end = { '0': 20, '1': 0 };
    expect(resolve(map, end)).toEqual({ start: map, end });
    expect(resolve({ '0': 20, '1': 0 }, end)).toEqual({ start: end, end });
  });

  it('reads -2 and -1 in a map as Spark does', () => {
    expect(resolve({ '0': -2, '1': -2 }, { '0': -1, '1': -1 })).toEqual(resolve('earliest', 'latest'));
    expect(resolve({ '0': -1, '1': -2 }, 'latest').start).toEqual({ '0': 20, '1': 0 });
  });

  it.each<[string, OffsetSpec, OffsetSpec, readonly { path: string; message: string }[]]>([
    [
      'a start at the end',
      'latest',
      'latest',
      [{ path: 'startOffset', message: 'must be "earliest" or a map: nothing comes after "latest"' }],
    ],
    [
      'an end at the start',
      'earliest',
      'earliest',
      [{ path: 'endOffset', message: 'must be "latest" or a map: nothing comes before "earliest"' }],
    ],
    [
      'an end of -2',
      'earliest',
      { '0': -2, '1': -1 },
      [{ path: 'endOffset', message: 'partition 0 must not end at the earliest offset (-2)' }],
    ],
    [
      'a map without a partition',
      { '0': 10 },
      'latest',
      [{ path: 'startOffset', message: 'must name all partitions of the topic; missing: 1' }],
    ],
    [
      'a map with an unknown partition',
      'earliest',
      { '0': 20, '1': 0, '7': 1 },
      [{ path: 'endOffset', message: 'names partitions that the topic does not have: 7; it has 0, 1' }],
    ],
    [
      'an offset below the first retained one',
      { '0': 9, '1': 0 },
      'latest',
      [{ path: 'startOffset', message: 'partition 0 has offsets 10 to 20, not 9' }],
    ],
    [
      'offsets above the end, each of them',
      'earliest',
      { '0': 21, '1': 1 },
      [
        { path: 'endOffset', message: 'partition 0 has offsets 10 to 20, not 21' },
        { path: 'endOffset', message: 'partition 1 has offsets 0 to 0, not 1' },
      ],
    ],
    [
      'a start after the end',
      { '0': 15, '1': 0 },
      { '0': 14, '1': 0 },
      [{ path: 'endOffset', message: 'partition 0 ends at 14, before its start at 15' }],
    ],
  ])('refuses %s', (_what, startOffset, endOffset, details) => {
    expect(detailsOf(startOffset, endOffset)).toEqual(details);
  });

  it('cuts a long list of mistakes', () => {
    const topic = Array.from({ length: 30 }, (_, partition) => ({ partition, first: 0, end: 1 }));
    const wrong = Object.fromEntries(topic.map(({ partition }) => [String(partition), 2]));
    expect(() => resolveOffsets({ startOffset: wrong, endOffset: 'latest' }, topic)).toThrow(
      /20 more partitions are wrong$/,
    );
    expect(() => resolveOffsets({ startOffset: { '0': 0 }, endOffset: 'latest' }, topic)).toThrow(
      /missing: 1, 2, .*, 20 and 9 more$/,
    );
  });

  it('reads nothing of a name that every object has', () => {
    expect(detailsOf(JSON.parse('{"0":10,"1":0,"toString":1}') as OffsetSpec, 'latest')).toMatchObject([
      { path: 'startOffset' },
    ]);
  });
});
