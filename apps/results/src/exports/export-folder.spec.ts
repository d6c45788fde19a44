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

describe('the folder of exports', () => {
  it('is below the cache directory, of whatever tables', () => {
    for (const deltaBasePath of ['/data/delta', 'file:///data/delta', 's3a://bucket/delta'])
      expect(exportFolder({ cacheDirectory: '/cache', deltaBasePath })).toBe('/cache/exports');
  });

  it.each(['/data/delta', 'file:/data/delta', 'file:///data/delta/'])(
    'is never among the tables: %s',
    (deltaBasePath) => {
      for (const cacheDirectory of ['/data/delta', '/data/delta/cache', '/data/x/../delta/..cache'])
        expect(() => exportFolder({ cacheDirectory, deltaBasePath })).toThrow('RESULTS_CACHE_DIRECTORY');
      expect(exportFolder({ cacheDirectory: '/data/delta-cache', deltaBasePath })).toBe(
        '/data/delta-cache/exports',
      );
    },
  );

  it('is a temporary one of this process without a cache directory', () => {
    const own = exportFolder({ cacheDirectory: undefined, deltaBasePath: '/data' });
    expect(own).toBe(join(tmpdir(), `millrace-exports-${String(process.pid)}`));
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
    const running = `millrace-exports-${String(process.ppid)}`;
    const ended = `millrace-exports-${String(await pidOfEnded())}`;
    for (const name of ['own', running, ended, 'millrace-exports-x', 'other']) await exportsOf(name);
    await removeLeftovers(join(folder, 'own'), folder);
    expect((await readdir(folder)).sort()).toEqual([running, 'millrace-exports-x', 'other'].sort());
  });

  it('keeps nobody from starting', async () => {
    await expect(
      removeLeftovers(join(folder, 'absent'), join(folder, 'absent too')),
    ).resolves.toBeUndefined();
  });
});
