import { Dictionary, Int32, LargeUtf8, Utf8, makeData, vectorFromArray, type Data } from 'apache-arrow';
import { decoded, textData } from '../testing/arrow-ipc';

describe('texts', () => {
  it.each([
    [
      'short and long ones, all ASCII',
      ['', 'a', 'twelve chars', 'thirteen char', 'x'.repeat(1_000), '\0\u007F'],
    ],
    ['others among them', ['Köln', '', '日本', '😀', 'plain', 'ÿ'.repeat(500)]],
    ['a byte order mark', ['\uFEFFa', 'b']],
  ])('are what was written: %s', (_what, texts) => {
    expect(decoded(textData(texts))).toEqual(texts);
  });

  it('have U+FFFD where the bytes are no UTF-8', () => {
    expect(decoded(textData([Uint8Array.from([0x61, 0xff]), 'b']))).toEqual(['a\uFFFD', 'b']);
  });

  it('are read from 64-bit offsets', () => {
    const data = Buffer.from('abc');
    const valueOffsets = BigInt64Array.from([0n, 1n, 3n]);
    expect(decoded(makeData({ type: new LargeUtf8(), data, valueOffsets, length: 2 }))).toEqual(['a', 'bc']);
  });

  it('may come from a dictionary', () => {
    const vector = vectorFromArray(['x', null, 'y', 'x'], new Dictionary(new Utf8(), new Int32()));
    expect(decoded(vector.data[0] as Data)).toEqual(['x', null, 'y', 'x']);
  });
});
