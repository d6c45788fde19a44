import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { kafkajsSecurity } from '@millrace/domain';
import { kafkaSecurity } from '@millrace/generator';
import { SecuredKafka } from '@millrace/testing';
import { Kafka, logLevel } from 'kafkajs';
import type { Admin } from 'kafkajs';
import type { RetailManifest } from '../generate/generate-command';
import { runRetail } from '../retail-command';
import { KeepingTerminal } from '../terminal.fixture';
import type { ReplaySummary } from './produce-command';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..', '..', '..');
const PROGRAM = join(ROOT, 'tools', 'retail', 'dist', 'main.js');

const folder = mkdtempSync(join(tmpdir(), 'retail-produce-'));
const input = join(folder, 'data', 'input');
let broker: SecuredKafka;
let kafka: Kafka;
let admin: Admin;
let environment: Record<string, string>;
let truth: RetailManifest;

beforeAll(async () => {
  if (!existsSync(PROGRAM)) throw new Error('This spec runs the compiled command: npx tsc -b tools/retail');
  broker = await SecuredKafka.start();
  environment = {
    KAFKA_BOOTSTRAP_SERVERS: broker.inTheOpen,
    KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
    KAFKA_SASL_MECHANISM: 'PLAIN',
    KAFKA_SASL_USERNAME: broker.username,
    KAFKA_SASL_PASSWORD: broker.passwordOf('PLAIN'),
  };
  const security = kafkajsSecurity(kafkaSecurity(environment));
  kafka = new Kafka({ brokers: [broker.inTheOpen], ...security, logLevel: logLevel.NOTHING });
  admin = kafka.admin();
  await admin.connect();
  const days = ['--start-date', '2025-01-30', '--days', '3', '--transactions', '400'];
  truth = JSON.parse(await run('generate', '--output', input, ...days, '--json')) as RetailManifest;
});

afterAll(async () => {
  await admin.disconnect();
  await broker.stop();
  rmSync(folder, { recursive: true });
});

/** @returns what is on stdout */
async function run(...cliArguments: string[]): Promise<string> {
  const terminal = new KeepingTerminal();
  const code = await runRetail(cliArguments, environment, terminal);
  expect({ code, stderr: code === 0 ? '' : terminal.stderr }).toEqual({ code: 0, stderr: '' });
  return terminal.stdout;
}

async function produce(topic: string, ...cliArguments: string[]): Promise<ReplaySummary> {
  const own = ['--input', input, '--topic', topic, '--json'];
  return JSON.parse(await run('produce', ...own, ...cliArguments)) as ReplaySummary;
}

async function endOffset(topic: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

type Cells = Readonly<Record<string, string>>;

/** All messages of a topic of one partition, in their order. */
async function stored(topic: string): Promise<{ key: string | undefined; cells: Cells }[]> {
  const count = await endOffset(topic);
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const messages: { key: string | undefined; cells: Cells }[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: ({ message }) => {
          messages.push({
            key: message.key?.toString(),
            cells: JSON.parse(String(message.value)) as Cells,
          });
          if (messages.length === count) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return messages;
}

describe('retail produce on a real broker that asks for a password', () => {
  it('sends every row once, in order of time, and nothing is lost of what was generated', async () => {
    const summary = await produce('by-time', '--rate', '0', '--order', 'time', '--spread-day');
    const messages = await stored('by-time');
    const times = messages.map(({ cells }) => cells['event_time'] ?? '');
    expect(summary).toMatchObject({
      tool: 'retail-produce',
      end: 'done',
      sent: 1200,
      acknowledged: 1200,
      unacknowledged: 0,
      isExact: true,
      firstEventTime: times[0],
      lastEventTime: times.at(-1),
    });
    expect(times).toEqual([...times].sort());
    expect(new Set(messages.map(({ key }) => key)).size).toBe(1200);
    const paise = new Map<string, bigint>();
    for (const { key, cells } of messages) {
      expect(cells['order_id']).toBe(key);
      expect(cells['event_time']?.slice(0, 10)).toBe(cells['order_date']);
      const of = `${cells['order_date'] ?? ''} ${cells['product'] ?? ''}`;
      paise.set(of, (paise.get(of) ?? 0n) + BigInt((cells['amount'] ?? '').replace('.', '')));
    }
    const expected = truth.days.flatMap(({ date, products }) =>
      Object.entries(products).map(
        ([name, { amount }]) => [`${date} ${name}`, BigInt(amount.replace('.', ''))] as const,
      ),
    );
    expect(paise).toEqual(new Map(expected));
    expect(JSON.stringify(summary)).not.toContain(broker.secret);
  });

  it('sends the same again in another order, until the limit', async () => {
    const summary = await produce('shuffled', '--rate', '0', '--shuffle', '--loop', '--limit', '2000');
    expect(summary).toMatchObject({ end: 'done', acknowledged: 2000 });
    const keys = (await stored('shuffled')).map(({ key }) => key);
    expect(new Set(keys.slice(0, 1200)).size).toBe(1200);
    expect(keys.slice(0, 800)).not.toEqual(keys.slice(1200));
    expect(keys.slice(0, 1200)).not.toEqual(keys.slice(0, 1200).sort());
  });

  it('sends rows without an id without a key, and ids in any alphabet', async () => {
    const file = join(folder, 'odd.csv');
    writeFileSync(file, '\uFEFFOrder_ID, Product \n,tea\nआदेश-१, "two\nlines" \n');
    await produce('odd', '--input', file, '--rate', '0');
    const now = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
    expect(await stored('odd')).toEqual([
      { key: undefined, cells: { order_id: '', product: 'tea', event_time: now } },
      { key: 'आदेश-१', cells: { order_id: 'आदेश-१', product: 'two\nlines', event_time: now } },
    ]);
  });

  it('sends what comes before a row that cannot be read, and ends with 1', async () => {
    const odd = mkdtempSync(join(folder, 'broken-'));
    writeFileSync(join(odd, 'a.csv'), 'order_id\n1\n2\n');
    writeFileSync(join(odd, 'b.csv'), 'order_id\n3\n"4\n');
    const terminal = new KeepingTerminal();
    const cliArguments = [
      '--input',
      odd,
      '--topic',
      'broken',
      '--rate',
      '0',
      '--json',
      '--log-level',
      'error',
    ];
    expect(await runRetail(['produce', ...cliArguments], environment, terminal)).toBe(1);
    expect(terminal.stderr).toMatch(/^retail: .*b\.csv cannot be read as CSV near line \d+: [^\n]*\n$/);
    const { end, acknowledged } = JSON.parse(terminal.stdout) as ReplaySummary;
    expect({ end, acknowledged }).toEqual({ end: 'failed', acknowledged: 3 });
    expect(await endOffset('broken')).toBe(3);
  });
});

describe('the command', () => {
  it('stops at Ctrl-C, told twice as npm does, once what was sent is acknowledged', async () => {
    const cliArguments = [
      'produce',
      '--input',
      input,
      '--topic',
      'stopped',
      '--rate',
      '200',
      '--loop',
      '--json',
    ];
    const child = spawn(process.execPath, [PROGRAM, ...cliArguments], {
      env: { ...process.env, ...environment },
    });
    const exit = once(child, 'exit');
    const stdout = text(child.stdout);
    while ((await endOffset('stopped').catch(() => 0)) === 0) expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    const summary = JSON.parse(await stdout) as ReplaySummary;
    expect(summary).toMatchObject({ end: 'stopped', isExact: true, firstEventTime: '2025-01-30' });
    expect(summary.acknowledged).toBe(summary.sent);
    expect(await endOffset('stopped')).toBe(summary.sent);
  });
});

describe('the page about files and replay', () => {
  const page = readFileSync(join(ROOT, 'docs', 'retail.md'), 'utf8');
  const section = /^## Files and replay\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(page)?.[1] ?? '';
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? '');

  it('holds only commands that work, in its order', async () => {
    expect(blocks).toHaveLength(2);
    const asTyped = blocks.join('').replaceAll(/npm run (--silent )?retail -- /g, `node ${PROGRAM} `);
    const child = spawn('sh', ['-ec', asTyped], { cwd: folder, env: { ...process.env, ...environment } });
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    const [code] = (await once(child, 'exit')) as [number | null];
    expect({ code, stderr: code === 0 ? '' : await stderr }).toEqual({ code: 0, stderr: '' });
    expect(await stdout).toMatch(/7 files in [\s\S]*3,500 events sent to topic retail-orders /);
    expect(await endOffset('retail-orders')).toBe(3600);
    expect(JSON.parse(readFileSync(join(folder, 'data', 'truth.json'), 'utf8'))).toMatchObject({
      rows: 3500,
    });
    expect(JSON.parse(readFileSync(join(folder, 'data', 'replay.json'), 'utf8'))).toMatchObject({
      sent: 100,
    });
  });
});
