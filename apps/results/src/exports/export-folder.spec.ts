import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportFolder, removeLeftovers } from './export-folder';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export folder '));
});

afterEach(() => rm(folder, { recursive: true }));

const nameIn = (parent: string) =>
  new RegExp(`^${parent}/millrace-exports-${String(process.pid)}-[0-9a-f]{16}$`);

describe('the folder of exports', () => {
  it('is below the cache directory, of whatever tables', () => {
    for (const deltaBasePath of ['/data/delta', 'file:///data/delta', 's3a://bucket/delta'])
      expect(exportFolder({ cacheDirectory: '/cache', deltaBasePath })).toMatch(nameIn('/cache'));
  });

  it.each(['/data/delta', 'file:/data/delta', 'file:///data/delta/'])(
    'is never among the tables: %s',
    (deltaBasePath) => {
      for (const cacheDirectory of ['/data/delta', '/data/delta/cache', '/data/x/../delta/..cache'])
        expect(() => exportFolder({ cacheDirectory, deltaBasePath })).toThrow('RESULTS_CACHE_DIRECTORY');
      expect(exportFolder({ cacheDirectory: '/data/delta-cache', deltaBasePath })).toMatch(
        nameIn('/data/delta-cache'),
      );
    },
  );

  it('is a temporary one of this process without a cache directory', () => {
    expect(exportFolder({ cacheDirectory: undefined, deltaBasePath: '/data' })).toMatch(nameIn(tmpdir()));
  });

  it('has a name that nobody can take before', () => {
    const folders = [1, 2].map(() => exportFolder({ cacheDirectory: '/cache', deltaBasePath: '/data' }));
    expect(new Set(folders).size).toBe(2);
  });
});

describe('what a killed process left', () => {
  async function exportsOf(name: string) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'a.parquet.part'), 'half');
  }

  async function pidOfEnded(): Promise<number> {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    return child.pid ?? 0;
  }

  it('is removed at the start; of processes that run, and of others, nothing is', async () => {
    const named = (pid: number, random = '0123456789abcdef') => `millrace-exports-${String(pid)}-${random}`;
    const own = named(process.pid, 'ffffffffffffffff');
    const gone = [named(await pidOfEnded()), named(process.pid)];
    const others = [named(process.ppid), 'millrace-exports-x', 'exports', named(await pidOfEnded(), 'x')];
    for (const name of [own, ...gone, ...others]) await exportsOf(name);
    await removeLeftovers(join(folder, own));
    expect((await readdir(folder)).sort()).toEqual([own, ...others].sort());
  });

  it('keeps nobody from starting', async () => {
    await expect(removeLeftovers(join(folder, 'absent', 'own'))).resolves.toBeUndefined();
  });
});
