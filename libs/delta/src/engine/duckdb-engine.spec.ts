import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbEngine } from './duckdb-engine';

describe('DuckDbEngine', () => {
  let folder: string;
  let engine: DuckDbEngine;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'engine-'));
    await writeFile(join(folder, 'outside.txt'), 'secret');
    const inside = await mkdtemp(join(folder, 'inside-'));
    await symlink(join(folder, 'outside.txt'), join(inside, 'link.txt'));
    await writeFile(join(inside, 'mine.txt'), 'mine');
    engine = await DuckDbEngine.create([inside], { memoryLimitMib: 64, threads: 1 });
    folder = inside;
  });

  afterAll(async () => {
    engine.close();
    await rm(join(folder, '..'), { recursive: true });
  });

  it('opens files of its directory', async () => {
    expect(await engine.query('SELECT content FROM read_text($1)', [[join(folder, 'mine.txt')]])).toEqual([
      ['mine'],
    ]);
  });

  it.each(['/etc/passwd', '<inside>/../outside.txt', '<inside>/link.txt', 'https://127.0.0.1:1/x'])(
    'does not open %s',
    async (file) => {
      const path = file.replace('<inside>', folder);
      await expect(engine.query('SELECT content FROM read_text($1)', [[path]])).rejects.toThrow();
    },
  );

  it.each([
    'SET threads = 4',
    'SET enable_external_access = true',
    "SET GLOBAL allowed_directories = ['/']",
    'SET lock_configuration = false',
    'INSTALL httpfs',
    'LOAD httpfs',
    "ATTACH '/tmp/x.db'",
    "COPY (SELECT 1) TO '/tmp/x.csv'",
  ])('cannot be talked into %s', async (sql) => {
    await expect(engine.query(sql, [])).rejects.toThrow();
  });

  it('thinks in UTC, wherever it runs', async () => {
    expect(await engine.query("SELECT TIMESTAMPTZ '2025-01-01 00:00:00'::VARCHAR", [])).toEqual([
      ['2025-01-01 00:00:00+00'],
    ]);
  });

  it('spills no more than it may', async () => {
    const spillDirectory = join(folder, 'spill');
    const limits = { memoryLimitMib: 64, threads: 1, spillDirectory, maxSpillMib: 8 };
    const small = await DuckDbEngine.create([folder], limits);
    const sql = `COPY (SELECT md5(i::VARCHAR), md5(hash(i)::VARCHAR) FROM range(1500000) AS rows(i) ORDER BY hash(i)) TO '${join(folder, 'x')}' (FORMAT parquet)`;
    await expect(small.run(sql, [])).rejects.toThrow('max_temp_directory_size');
    small.close();
  });

  describe('rows that come some at a time', () => {
    const SORTED = 'SELECT i FROM range(500000) AS rows(i) ORDER BY hash(i)';
    const ENDLESS = 'SELECT sum(hash(a.i, b.i)) FROM range(3000000) AS a(i), range(3000000) AS b(i)';
    const memory = async () => {
      const [row] = await engine.query(
        `SELECT sum(memory_usage_bytes)::DOUBLE FROM duckdb_memory() WHERE tag IN ('ORDER_BY', 'HASH_TABLE')`,
        [],
      );
      return Number(row?.[0]);
    };

    it('leave nothing behind where nobody takes the rest of them', async () => {
      const rows = engine.stream(SORTED, []);
      expect((await rows.next()).value).toHaveLength(2_048);
      expect(await memory()).toBeGreaterThan(1_000_000);
      await rows.return();
      expect(await memory()).toBe(0);
    });

    it('are not worked for any more when nobody waits for them, and the next query has its turn', async () => {
      const gone = new AbortController();
      const first = engine.inTurn(() => engine.stream(ENDLESS, [], gone.signal).next());
      const second = engine.inTurn(() => engine.stream('SELECT 1::INTEGER', []).next());
      await engine.query('SELECT 1', []);
      gone.abort();
      await expect(first).rejects.toThrow(/abort|interrupt/i);
      expect((await second).value).toEqual([[1]]);
    });

    it('are not worked for when whoever asked goes while there is no connection yet', async () => {
      const gone = new AbortController();
      const first = engine.stream(ENDLESS, [], gone.signal).next();
      gone.abort();
      await expect(first).rejects.toThrow(/abort/i);
    });

    it('do not keep others waiting that are short', async () => {
      const gone = new AbortController();
      const long = engine.inTurn(() => engine.stream(ENDLESS, [], gone.signal).next());
      expect((await engine.stream('SELECT 1::INTEGER', []).next()).value).toEqual([[1]]);
      gone.abort();
      await expect(long).rejects.toThrow(/abort|interrupt/i);
    });
  });
});
