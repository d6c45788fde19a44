import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HiddenFile } from './hidden-file';

const NEVER = new AbortController().signal;

describe('HiddenFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace-hidden-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is hidden until it is published', async () => {
    const file = new HiddenFile(join(folder, 'a.csv'));
    expect(await file.write(['é', 'b'], false, NEVER)).toBe(3);
    expect(readdirSync(folder)).toEqual([`.a.csv.${process.pid}.part`]);
    await file.publish();
    expect(readdirSync(folder)).toEqual(['a.csv']);
    expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('éb');
  });

  it('makes the folders that are missing', async () => {
    const path = join(folder, 'b', 'c', 'a.csv');
    const file = new HiddenFile(path);
    await file.write(['x'], false, NEVER);
    await file.publish();
    expect(readFileSync(path, 'utf8')).toBe('x');
  });

  it('has no time in the head of gzip', async () => {
    const path = join(folder, 'a.csv.gz');
    const file = new HiddenFile(path);
    expect(await file.write(['one\n', 'two\n'], true, NEVER)).toBe(
      statSync(`${folder}/.a.csv.gz.${process.pid}.part`).size,
    );
    await file.publish();
    const bytes = readFileSync(path);
    expect([...bytes.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(gunzipSync(bytes).toString()).toBe('one\ntwo\n');
  });

  it('asks for the next chunk when there is room for it', async () => {
    const MEGABYTE = 1 << 20;
    const file = new HiddenFile(join(folder, 'a.csv'));
    let furthestAhead = 0;
    function* chunks(): Generator<string> {
      for (let asked = 0; asked < 60; asked++) {
        const written = asked === 0 ? 0 : statSync(join(folder, `.a.csv.${process.pid}.part`)).size;
        furthestAhead = Math.max(furthestAhead, asked * MEGABYTE - written);
        yield 'x'.repeat(MEGABYTE);
      }
    }
    expect(await file.write(chunks(), false, NEVER)).toBe(60 * MEGABYTE);
    expect(furthestAhead).toBeLessThan(5 * MEGABYTE);
  });

  it('ends soon after it is stopped, and leaves nothing where it is discarded', async () => {
    const stop = new AbortController();
    let chunks = 0;
    function* endless(): Generator<string> {
      for (;;) {
        if (++chunks === 20) stop.abort();
        yield 'x'.repeat(100_000);
      }
    }
    const file = new HiddenFile(join(folder, 'a.csv'));
    await expect(file.write(endless(), false, stop.signal)).rejects.toThrow('aborted');
    expect(chunks).toBeLessThan(30);
    await file.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('fails with what the records fail with', async () => {
    function* failing(): Generator<string> {
      yield 'x';
      throw new Error('no more');
    }
    await expect(new HiddenFile(join(folder, 'a.csv')).write(failing(), true, NEVER)).rejects.toThrow(
      'no more',
    );
  });
});
