import { frameOf, framesOf } from './frames';

/** As the other side reads them. */
function read(frames: Buffer): string[] {
  const contents: string[] = [];
  for (let at = 0; at < frames.length;) {
    const length = frames.readUInt32BE(at);
    contents.push(frames.toString('utf8', at + 4, at + 4 + length));
    at += 4 + length;
  }
  return contents;
}

describe('frames', () => {
  it('hold the key and the value of each message, whatever their bytes', () => {
    const value = Buffer.from([0xff, 0x00, 0x0a]);
    const frames = framesOf([
      { key: 'a', value: 'Zoë 名 😀' },
      { key: 'b', value },
      { key: 'c', value: '' },
    ]);
    expect(read(frames)).toEqual(['a', 'Zoë 名 😀', 'b', value.toString(), 'c', '']);
    expect(frames.includes(value)).toBe(true);
  });

  it('say how many bytes follow, not how many characters', () => {
    expect(frameOf('é')).toEqual(Buffer.from([0, 0, 0, 2, 0xc3, 0xa9]));
    expect(framesOf([])).toHaveLength(0);
  });
});
