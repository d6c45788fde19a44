import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HELP, parseArguments } from './arguments';
import { readRejectsConfig } from './config';
import type { RejectsCommandConfig } from './config';
import { replayJson, replayText } from './report-text';
import { runRejectsCommand } from './run-rejects-command';

const NOWHERE = 'postgresql://nobody:secret@127.0.0.1:1/none';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rejects command '));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function run(args: readonly string[], read: () => RejectsCommandConfig) {
  const output = { out: '', note: '' };
  const code = await runRejectsCommand(
    args,
    read,
    { out: (text) => (output.out += text), note: (text) => (output.note += text) },
    new AbortController().signal,
  );
  return { code, ...output };
}
const neverRead = () => {
  throw new Error('settings are read only when there is something to do');
};

describe('the arguments of npm run rejects', () => {
  it('are what is meant and how it is sent', () => {
    const args = ['replay', '--reason', 'city: empty', '--reason', 'quantity: below 1', '--topic', 't'];
    const more = ['--since', '2025-01-31', '--until', '2025-02-01T08:00:00+01:00', '--limit', '7'];
    expect(parseArguments([...args, ...more, '--dry-run', '--json'])).toEqual({
      kind: 'run',
      selection: {
        reasons: new Set(['city: empty', 'quantity: below 1']),
        topic: 't',
        since: new Date('2025-01-31T00:00:00Z'),
        until: new Date('2025-02-01T07:00:00Z'),
      },
      limit: 7,
      isDryRun: true,
      json: true,
    });
    expect(parseArguments(['replay', '--all'])).toMatchObject({
      limit: Number.MAX_SAFE_INTEGER,
      isDryRun: false,
      selection: { reasons: undefined },
    });
  });

  it.each([
    [[], 'say: replay'],
    [['send'], 'say: replay'],
    [['replay', 'all'], 'say: replay'],
    [['replay'], 'say which: --reason, --topic, --since, --until, or --all'],
    [['replay', '--all', '--topic', 't'], '--all goes with no'],
    [['replay', '--reason', ''], '--reason must not be empty'],
    [['replay', '--since', 'yesterday'], '--since must be a date or a time with its zone'],
    [['replay', '--since', '2025-01-31T08:00:00'], '--since must be a date or a time with its zone'],
    [['replay', '--since', '2025-02-01', '--until', '2025-02-01'], '--since must be before --until'],
    [['replay', '--all', '--limit', '0'], '--limit must be a whole number from 1'],
    [['replay', '--all', '--force'], "'--force'"],
  ])('are refused with the usage and exit code 2: %j', async (args, message) => {
    const { code, out, note } = await run(args, neverRead);
    expect([code, out]).toEqual([2, '']);
    expect(note).toContain(message);
    expect(note).toContain('Usage: npm run rejects');
  });

  it('explain themselves with exit code 0', async () => {
    expect(await run(['--help'], neverRead)).toEqual({ code: 0, out: HELP, note: '' });
  });
});

describe('the settings of npm run rejects', () => {
  const read = (environment: Readonly<Record<string, string>>) => readRejectsConfig(environment, folder);
  const own = { DATABASE_URL: NOWHERE, DELTA_BASE_PATH: '/tables' };

  it('are those of the stack that runs in the home', async () => {
    await writeFile(join(folder, 'endpoints.json'), JSON.stringify({ postgres: NOWHERE, kafka: 'k:1' }));
    expect(read({ MILLRACE_HOME: '.' })).toMatchObject({
      databaseUrl: NOWHERE,
      kafka: { bootstrapServers: 'k:1', security: { protocol: 'PLAINTEXT' } },
    });
  });

  it('are those of the environment, with the security of the brokers', () => {
    const secured = {
      KAFKA_BOOTSTRAP_SERVERS: 'a:1,b:1',
      KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SASL_USERNAME: 'millrace',
      KAFKA_SASL_PASSWORD: 'hidden',
    };
    expect(read({ ...own, ...secured }).kafka).toMatchObject({
      bootstrapServers: 'a:1,b:1',
      security: { protocol: 'SASL_SSL', sasl: { username: 'millrace' } },
    });
    const wrong = () => read({ ...own, ...secured, KAFKA_SECURITY_PROTOCOL: 'SSL' });
    expect(wrong).toThrow('KAFKA_SASL_PASSWORD: has no effect with KAFKA_SECURITY_PROTOCOL SSL');
    expect(wrong).not.toThrow('hidden');
  });

  it('never send to brokers of another place than the tables', async () => {
    await writeFile(join(folder, 'endpoints.json'), JSON.stringify({ postgres: NOWHERE, kafka: 'k:1' }));
    expect(() => read({ MILLRACE_HOME: '.', ...own })).toThrow('KAFKA_BOOTSTRAP_SERVERS: is required');
  });

  it('end the command with exit code 2 and one sentence when Postgres does not answer', async () => {
    const config = () => read({ ...own, DELTA_BASE_PATH: folder, KAFKA_BOOTSTRAP_SERVERS: 'k:1' });
    const { code, out, note } = await run(['replay', '--all'], config);
    expect([code, out]).toEqual([2, '']);
    expect(note).toMatch(/^[^\n]+\n$/);
    expect(note).not.toContain('secret');
  });
});

describe('what npm run rejects prints', () => {
  it('is a table of reasons', () => {
    const summary = { isDryRun: false, isInterrupted: true, isLimited: true, refused: [] };
    const reasons = [
      { reason: 'quantity: below 1', matching: 12, sentBefore: 2, sent: 10 },
      { reason: 'city: empty', matching: 1, sentBefore: 1, sent: 0 },
    ];
    expect(replayText({ ...summary, reasons }).split('\n')).toEqual([
      'REASON             EVENTS  SENT BEFORE  SENT',
      'quantity: below 1  12      2            10',
      'city: empty        1       1            0',
      '',
      '10 events sent again',
      '--limit is reached: there may be more',
      'interrupted: run it again to send the rest',
      '',
    ]);
    expect(replayText({ ...summary, reasons: [] })).toBe('No rejected event is meant: nothing was sent\n');
  });

  it('is a JSON document that does not say of a dry run that anything was sent', () => {
    const summary = { isInterrupted: false, isLimited: false, refused: [] };
    const reasons = [{ reason: 'city: empty', matching: 3, sentBefore: 2, sent: 1 }];
    expect(JSON.parse(replayJson({ ...summary, reasons, isDryRun: false }))).toMatchObject({ reasons });
    expect(JSON.parse(replayJson({ ...summary, reasons, isDryRun: true }))).toEqual({
      ...summary,
      isDryRun: true,
      reasons: [{ reason: 'city: empty', matching: 3, sentBefore: 2, sent: 0, wouldSend: 1 }],
    });
  });
});
