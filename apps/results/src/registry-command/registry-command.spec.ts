import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecoverySummary } from '../recovery/recover-registry';
import { RecoveryFixture } from '../recovery/recovery.fixture';
import { HELP, parseArguments } from './arguments';
import { readCommandConfig } from './config';
import type { RegistryCommandConfig } from './config';
import { progressLine } from './progress-line';
import { auditText, rebuildText } from './report-text';
import { runRegistryCommand } from './run-registry-command';

const NOWHERE = 'postgresql://nobody:secret@127.0.0.1:1/none';

describe('npm run registry', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'registry command '));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function run(args: readonly string[], read: () => RegistryCommandConfig) {
    const output = { out: '', note: '' };
    const code = await runRegistryCommand(args, read, {
      out: (text) => (output.out += text),
      note: (text) => (output.note += text),
    });
    return { code, ...output };
  }
  const neverRead = () => {
    throw new Error('settings are read only when there is something to do');
  };

  describe('its arguments', () => {
    it.each([
      [['audit'], { kind: 'run', action: 'audit', json: false }],
      [['rebuild', '--json'], { kind: 'run', action: 'rebuild', json: true }],
      [['--help'], { kind: 'help' }],
      [['-h', 'audit'], { kind: 'help' }],
    ])('takes %j', (args, expected) => {
      expect(parseArguments(args)).toEqual(expected);
    });

    it.each([[[]], [['repair']], [['audit', 'rebuild']], [['audit', '--all']], [['constructor']]])(
      'refuses %j with the usage and exit code 2',
      async (args) => {
        expect(await run(args, neverRead)).toEqual({
          code: 2,
          out: '',
          note: expect.stringMatching(/\n\nUsage: npm run registry -- audit\|rebuild/) as string,
        });
      },
    );

    it('explains itself with exit code 0', async () => {
      expect(await run(['--help'], neverRead)).toEqual({ code: 0, out: HELP, note: '' });
    });
  });

  describe('its settings', () => {
    const endpoints = (home: string, content: string) => writeFile(join(home, 'endpoints.json'), content);
    const read = (environment: Readonly<Record<string, string>>) => readCommandConfig(environment, folder);

    it('are those of the stack that runs in the home', async () => {
      await endpoints(folder, JSON.stringify({ postgres: NOWHERE }));
      const expected = {
        databaseUrl: NOWHERE,
        deltaBasePath: join(folder, 'data', 'delta'),
        retentionDays: 7,
        isLocalStack: true,
      };
      expect(read({ MILLRACE_HOME: '.' })).toMatchObject(expected);
      expect(read({ MILLRACE_HOME: '.', DATABASE_URL: NOWHERE })).toMatchObject(expected);
    });

    it('are those of the environment where it names both, whatever runs', async () => {
      await endpoints(folder, JSON.stringify({ postgres: 'postgresql://other@127.0.0.1:1/none' }));
      const environment = { MILLRACE_HOME: folder, DATABASE_URL: NOWHERE, DELTA_BASE_PATH: '/tables' };
      expect(read(environment)).toMatchObject({
        databaseUrl: NOWHERE,
        deltaBasePath: '/tables',
        isLocalStack: false,
      });
    });

    it.each([
      [{}, 'DATABASE_URL: is not set and no local stack runs'],
      [{ DATABASE_URL: NOWHERE }, 'DELTA_BASE_PATH: is not set and no local stack runs'],
    ])('say what is missing while nothing runs: %j', (environment, message) => {
      expect(() => read(environment)).toThrow(`${message} in ${join(folder, '.millrace')}: start one`);
    });

    it('say where they were looked for', () => {
      const home = join(folder, 'another');
      expect(() => read({ MILLRACE_HOME: home })).toThrow(`no local stack runs in ${home}: start one`);
      expect(() => read({ MILLRACE_HOME: 'another' })).toThrow(`no local stack runs in ${home}: start one`);
    });

    it.each([
      [{ DATABASE_URL: NOWHERE }, 'DELTA_BASE_PATH: is required with a DATABASE_URL of your own'],
      [{ DELTA_BASE_PATH: '/tables' }, 'DATABASE_URL: is required with a DELTA_BASE_PATH of your own'],
    ])('never join a registry with tables of another place: %j', async (environment, message) => {
      await endpoints(folder, JSON.stringify({ postgres: 'postgresql://other@127.0.0.1:1/none' }));
      expect(() => read({ MILLRACE_HOME: folder, ...environment })).toThrow(message);
    });

    it('say that the file of the stack is damaged', async () => {
      await endpoints(folder, '{"postgres":');
      expect(() => read({ MILLRACE_HOME: folder })).toThrow('does not name the Postgres of a running stack');
    });

    it('end the command with exit code 2 and without a stack trace', async () => {
      const { code, note, out } = await run(['audit'], () => read({}));
      expect([code, out]).toEqual([2, '']);
      expect(note).toContain('DATABASE_URL');
      expect(note).not.toContain('    at ');
    });
  });

  describe('what it cannot reach', () => {
    const config = (deltaBasePath: string): RegistryCommandConfig => ({
      ...readCommandConfig({ DATABASE_URL: NOWHERE, DELTA_BASE_PATH: deltaBasePath }, folder),
    });

    it.each(['audit', 'rebuild'])(
      'ends %s with exit code 2 when Postgres does not answer',
      async (action) => {
        const { code, note, out } = await run([action], () => config(folder));
        expect([code, out]).toEqual([2, '']);
        expect(note).toMatch(/^[^\n]+\n$/);
        expect(note).not.toContain('secret');
      },
    );

    it('ends with exit code 2 when the folder of the tables is not there', async () => {
      const { code, note } = await run(['rebuild'], () => config(join(folder, 'nowhere')));
      expect(code).toBe(2);
      expect(note).toMatch(/There is no folder .*nowhere: set DELTA_BASE_PATH/);
    });
  });

  describe('what it prints', () => {
    it('is a table of findings with what each kind means', () => {
      const text = auditText({
        folders: 2,
        rows: 1,
        findings: [
          {
            kind: 'orphan',
            batchId: 'batch-20250115-a3f8e2b1',
            step: undefined,
            status: undefined,
            message: 'no row',
          },
          {
            kind: 'count_mismatch',
            batchId: 'batch-20250115-a3f8e2b2',
            step: 'raw',
            status: 'COMPLETED',
            message: '4, 3',
          },
        ],
      });
      expect(text.split('\n')).toEqual([
        'FINDING         BATCH                    STATE      TABLE  WHAT',
        'orphan          batch-20250115-a3f8e2b1  -          -      no row',
        'count_mismatch  batch-20250115-a3f8e2b2  COMPLETED  raw    4, 3',
        '',
        'count_mismatch  the row tells another number of rows than the log',
        'orphan          a folder without a row: `npm run registry -- rebuild` makes one',
        '',
        '1 batch in the registry, 2 folders: 2 findings',
        '',
      ]);
    });

    it('says in one line that all is well', () => {
      expect(auditText({ folders: 1, rows: 2, findings: [] })).toBe(
        '2 batches in the registry, 1 folder: they agree\n',
      );
      expect(rebuildText({ folders: 3, recovered: [], failed: [] })).toBe(
        '3 folders: each has its row, nothing was done\n',
      );
    });

    it('is a table of the batches that got a row, and of those that did not', async () => {
      const files = await RecoveryFixture.create();
      const batch = files.completed();
      await files.close();
      const summary: RecoverySummary = {
        folders: 2,
        recovered: [{ ...batch, status: 'UNKNOWN', rowCount: null, errorMessage: 'raw: there is no table' }],
        failed: [{ batchId: 'batch-20250115-a3f8e2b2', message: 'Another batch has its UUID' }],
      };
      expect(rebuildText(summary).split('\n')).toEqual([
        'BATCH                    STATE    ANALYSIS             ROWS  WHAT',
        'batch-20250115-a3f8e2b1  UNKNOWN  revenue_by_category  -     raw: there is no table',
        'batch-20250115-a3f8e2b2  FAILED   -                    -     got no row: Another batch has its UUID',
        '',
        '2 folders: 1 row made, 1 could not be',
        '',
      ]);
    });

    it('tells how far it is every two seconds, and nothing before', () => {
      let nowMs = 0;
      const lines: string[] = [];
      const tell = progressLine(
        (line) => lines.push(line),
        () => nowMs,
      );
      for (const [ms, done] of [
        [10, 1],
        [1_999, 2],
        [2_000, 3],
        [2_001, 4],
        [4_100, 5],
      ] as const) {
        nowMs = ms;
        tell({ what: 'folders', done, total: 5 });
      }
      expect(lines).toEqual(['registry: 3 of 5 folders\n', 'registry: 5 of 5 folders\n']);
    });
  });
});
