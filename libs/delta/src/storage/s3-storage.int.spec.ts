import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { S3Storage } from './s3-storage';
import { S3Store } from './s3-store.fixture';
import { describeTableStorage } from './table-storage.conformance';

let store: S3Store;
let tests = 0;

beforeAll(async () => {
  store = await S3Store.start(process.env);
});

afterAll(() => store.stop());

describeTableStorage('S3Storage', () => {
  tests += 1;
  const parent = `conformance/${tests}`;
  const root = `s3a://${store.bucket}/${parent}/root`;
  const storage = new S3Storage(root, { forcePathStyle: true });
  const write = (path: string, content: string) =>
    store.put(path.startsWith('../') ? `${parent}/${path.slice(3)}` : `${parent}/root/${path}`, content);
  return Promise.resolve({ port: { storage, root, write }, close: () => storage.close() });
});

describe('S3Storage', () => {
  let folder: string;
  let storage: S3Storage;
  const root = 's3a://tables/own';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 's3 cache '));
    storage = new S3Storage(root, { forcePathStyle: true, cacheDirectory: folder, cacheMib: 1 });
    await store.put('own/table/a', 'content of a');
    store.fetched();
  });

  afterEach(async () => {
    store.fault = undefined;
    await storage.close();
    await rm(folder, { recursive: true, force: true });
  });

  const readA = async () =>
    (await storage.openTable(`${root}/table`)).withLocal(['a'], () => Promise.resolve('read'));

  it.each(['s3://tables/own/table', 's3a://tables/own/table', 's3a://tables//own/table/'])(
    'knows %s for the same table',
    async (path) => {
      expect((await storage.openTable(path)).address).toBe('s3a://tables/own/table');
    },
  );

  it.each([
    's3a://other/own/table',
    's3a://tables/other',
    's3a://tables/own/../other',
    '/own/table',
    's3a:///own',
  ])('refuses %s', async (path) => {
    await expect(storage.openTable(path)).rejects.toMatchObject({ reason: 'UNSAFE_PATH' });
  });

  it('fetches a file once for reads that want it at once, and for those that come later', async () => {
    expect(await Promise.all([readA(), readA(), readA()])).toEqual(['read', 'read', 'read']);
    await readA();
    expect(store.fetched()).toEqual(['own/table/a']);
  });

  it('fetches a file anew that was made again under its name', async () => {
    await readA();
    await store.put('own/table/a', 'CONTENT OF A');
    await readA();
    expect(store.fetched()).toEqual(['own/table/a', 'own/table/a']);
  });

  it('does not read the copy of a file that was deleted', async () => {
    await readA();
    const table = await storage.openTable(`${root}/table`);
    await store.remove('own/table/a');
    await expect(table.withLocal(['a'], () => Promise.resolve())).rejects.toMatchObject({
      reason: 'FILE_MISSING',
    });
  });

  it('uses what another process fetched', async () => {
    await readA();
    const next = new S3Storage(root, { forcePathStyle: true, cacheDirectory: folder });
    await (await next.openTable(`${root}/table`)).withLocal(['a'], () => Promise.resolve());
    await next.close();
    expect(store.fetched()).toEqual(['own/table/a']);
  });

  it.each([
    ['cut', /^The object store of the bucket tables does not answer \(\w+\): see that it runs/],
    ['silence', /^The object store of the bucket tables does not answer \(TimeoutError\)/],
    ['busy', /^The object store of the bucket tables does not answer \(SlowDown\)/],
    [
      'refusal',
      /^The object store refuses the bucket tables \(AccessDenied\): its credentials must be allowed/,
    ],
  ] as const)('says what is wrong on a way that fails by %s, and keeps nothing', async (fault, message) => {
    store.fault = fault;
    await expect(readA()).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: expect.stringMatching(message) as unknown,
    });
    expect(await readdir(folder)).toEqual([]);
    store.fault = undefined;
    expect(await readA()).toBe('read');
  });

  it('says that nobody answers at the address', async () => {
    process.env['AWS_ENDPOINT_URL_S3'] = 'http://127.0.0.1:1';
    const other = new S3Storage(root, { forcePathStyle: true });
    const message =
      'The object store of the bucket tables does not answer (ECONNREFUSED): see that it runs, and that AWS_ENDPOINT_URL_S3 is its address';
    try {
      await expect(other.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', message });
    } finally {
      process.env['AWS_ENDPOINT_URL_S3'] = store.endpoint;
      await other.close();
    }
  });

  it('tells no secret in its errors', async () => {
    store.fault = 'refusal';
    const error: unknown = await readA().catch((cause: unknown) => cause);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/secret-of-specs|Signature=/);
  });

  it('says that there is no such bucket', async () => {
    const other = new S3Storage('s3a://absent/own', { forcePathStyle: true });
    const message =
      'There is no bucket absent: make it, or set DELTA_BASE_PATH to where the Delta tables are';
    await expect(other.ping()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', message });
    await other.close();
  });

  it('refuses to fetch more at once than there is room for', async () => {
    await store.put('own/table/large', 'x'.repeat(1_100_000));
    const table = await storage.openTable(`${root}/table`);
    await expect(table.withLocal(['large'], () => Promise.resolve())).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message:
        'This needs 2 MiB of table files at once and the local cache has 1: set RESULTS_CACHE_MIB to more',
    });
  });
});
