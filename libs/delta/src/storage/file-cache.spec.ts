import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileCache } from './file-cache';
import type { RemoteFile } from './file-cache';

const ROOM = 10;

let folder: string;
let cache: FileCache;
/** Labels of the files that were fetched, in that order. */
let fetched: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file cache '));
  cache = await FileCache.open(folder, ROOM);
  fetched = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const nameOf = (label: string) => createHash('sha256').update(label).digest('hex');

/** A file with its label for content, filled up to a size. */
function file(label: string, size: number, send = size): RemoteFile {
  const fetch = async function* () {
    fetched.push(label);
    yield await Promise.resolve(Buffer.from(label.padEnd(send, '.').slice(0, send)));
  };
  return { name: nameOf(label), size, fetch };
}

const read = (...files: readonly RemoteFile[]) =>
  cache.use(files, (names) => Promise.all(names.map((name) => readFile(name, 'utf8'))));

/** A read that goes on until it is told to end. */
function longRead(...files: readonly RemoteFile[]) {
  let end: () => void = () => undefined;
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const done = cache.use(files, () => {
    begin();
    return new Promise<void>((resolve) => (end = resolve));
  });
  return {
    begun,
    end: async () => {
      end();
      await done;
    },
  };
}

const namesOf = (...labels: readonly string[]) => labels.map(nameOf).sort();
const kept = async () => (await readdir(folder)).sort();

describe('FileCache', () => {
  it('fetches a file once, in full', async () => {
    expect(await read(file('a', 4))).toEqual(['a...']);
    expect(await read(file('a', 4))).toEqual(['a...']);
    expect(fetched).toEqual(['a']);
  });

  it('lets the file go that was not used for longest', async () => {
    for (const label of ['a', 'b', 'a', 'c']) await read(file(label, 4));
    expect(await kept()).toEqual(namesOf('a', 'c'));
    expect(fetched).toEqual(['a', 'b', 'c']);
  });

  it('keeps the files of a read until it has ended, and lets those wait that have no room', async () => {
    const long = longRead(file('a', 4), file('b', 4));
    await long.begun;
    const waiting = read(file('c', 4));
    const behind = read(file('d', 1));
    expect(await kept()).toEqual(namesOf('a', 'b'));
    await long.end();
    expect(await waiting).toEqual(['c...']);
    expect(await behind).toEqual(['d']);
    expect(fetched).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets two reads hold one file', async () => {
    const [one, other] = [longRead(file('a', 4)), longRead(file('a', 4))];
    await Promise.all([one.begun, other.begun]);
    await one.end();
    const waiting = read(file('b', 8));
    expect(await kept()).toEqual(namesOf('a'));
    await other.end();
    expect(await waiting).toEqual(['b.......']);
    expect(await kept()).toEqual(namesOf('b'));
  });

  it('ends reads that each need what others hold', async () => {
    const labels = ['a', 'b', 'c', 'd', 'e', 'f'];
    const pairs = labels.flatMap((one) => labels.map((other) => [one, other] as const));
    await Promise.all(pairs.map(([one, other]) => read(file(one, 5), file(other, 5))));
    expect((await kept()).length).toBeLessThanOrEqual(2);
  });

  it.each([
    ['too short', 3],
    ['too long', 5],
  ])('does not serve a download that is %s, and tries again for the next', async (_how, sent) => {
    await expect(read(file('a', 4, sent))).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: `A file of 4 bytes came with ${sent} from its store: ask again`,
    });
    expect(await kept()).toEqual([]);
    expect(await read(file('a', 4))).toEqual(['a...']);
  });

  it('gives the room of what could not be fetched back', async () => {
    for (let time = 0; time < 5; time++) await read(file('a', 8, 1)).catch(() => undefined);
    expect(await read(file('b', 10))).toEqual(['b.........']);
  });

  it('refuses what is larger than all of it', async () => {
    await expect(read(file('a', 6), file('b', 6))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await read(file('a', 6), file('a', 6))).toEqual(['a.....', 'a.....']);
  });

  it('fetches a file again that somebody removed', async () => {
    await read(file('a', 4));
    await rm(join(folder, nameOf('a')));
    expect(await read(file('a', 4))).toEqual(['a...']);
  });

  it('says that its folder cannot be used', async () => {
    const taken = join(folder, 'taken');
    await writeFile(taken, '');
    await expect(FileCache.open(taken, ROOM)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(
        /cannot be kept in .*taken \(EEXIST\): .* RESULTS_CACHE_DIRECTORY/,
      ) as unknown,
    });
  });
});

describe('a folder that an earlier process left', () => {
  it('is used as far as it is whole, within the bound', async () => {
    for (const [second, label] of ['old', 'a', 'b'].entries()) {
      await writeFile(join(folder, nameOf(label)), label.padEnd(4, '.'));
      await utimes(join(folder, nameOf(label)), second, second);
    }
    await writeFile(join(folder, `${nameOf('c')}.12345678-1234-1234-1234-123456789012.part`), 'half');
    await writeFile(join(folder, 'of somebody else.txt'), 'kept');
    cache = await FileCache.open(folder, ROOM);
    expect(await kept()).toEqual([...namesOf('a', 'b'), 'of somebody else.txt'].sort());
    expect(await read(file('a', 4), file('b', 4))).toEqual(['a...', 'b...']);
    expect(fetched).toEqual([]);
  });

  it('has no file served that is not of its size', async () => {
    await writeFile(join(folder, nameOf('a')), 'a.');
    cache = await FileCache.open(folder, ROOM);
    expect(await read(file('a', 4))).toEqual(['a...']);
    expect(fetched).toEqual(['a']);
  });

  it('may have a folder where a file should be', async () => {
    await mkdir(join(folder, nameOf('a')));
    cache = await FileCache.open(folder, ROOM);
    await expect(read(file('a', 4))).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(await read(file('b', 4))).toEqual(['b...']);
  });
});
