import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rejectsBodySchema } from '@millrace/domain';
import type { RejectsBody } from '@millrace/domain';
import { Random, makePools, makeTransaction, transactionMix } from '@millrace/generator';
import { queryDelta } from './delta-rows';
import { call, home } from './stack-under-test';
import { countsOfWholeTopic } from './stream-counts';
import { ensureStreaming, produceMessages, TOPIC } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(400_000);

const run = promisify(execFile);
const PROGRAM = join(__dirname, '..', '..', '..', 'apps', 'results', 'dist', 'rejects-command', 'main.js');
/** As far ahead of the clock as an event may be, and a little: it is mended by waiting. */
const AHEAD_MS = 330_000;
const LIMIT_MS = 300_000;

type Sample = RejectsBody['samples'][number];

async function rejectsOf(id: string): Promise<readonly Sample[]> {
  const { body } = await call('GET', '/stream/rejects?limit=100');
  return rejectsBodySchema.parse(body).samples.filter(({ text }) => text?.includes(id) === true);
}

const untilRejected = (id: string, times: number) =>
  waitUntil(
    `the event ${id} to be rejected ${String(times)} times`,
    async () => {
      const found = await rejectsOf(id);
      return found.length === times ? found : undefined;
    },
    { timeoutMs: 120_000, pollMs: 1_000 },
  );

async function onlyOne(found: Promise<readonly Sample[]>): Promise<Sample> {
  const [sample] = await found;
  if (sample === undefined) throw new Error('There is no such reject');
  return sample;
}

const untilStored = (id: string) =>
  waitUntil(
    `the event ${id} to be stored`,
    async () => {
      const sql = (rows: string) => `SELECT count(*) AS value FROM ${rows} WHERE transaction_id = '${id}'`;
      const [row] = await queryDelta('stream/transactions', undefined, sql);
      return row?.['value'] === 1n ? true : undefined;
    },
    { timeoutMs: 120_000, pollMs: 1_000 },
  );

async function replay(...args: readonly string[]) {
  const env = { PATH: process.env['PATH'], MILLRACE_HOME: home() };
  const { stdout } = await run(process.execPath, [PROGRAM, 'replay', ...args, '--json'], { env });
  type Tally = { reason: string; sentBefore: number; sent: number; wouldSend?: number };
  return JSON.parse(stdout) as { reasons: Tally[] };
}

function anEvent(seed: string, changed: Readonly<Record<string, unknown>>) {
  const random = Random.of('reject-replay', seed);
  const pools = makePools();
  const event = makeTransaction(random, pools, new Date(), transactionMix(pools));
  return { ...event, transaction_id: randomUUID(), ...changed };
}

it('sends rejected events through again: mended ones are stored, others are rejected once more', async () => {
  await ensureStreaming();
  // How far ahead an event is, is a matter of when its micro-batch begins.
  await countsOfWholeTopic(120_000);
  const since = new Date(Date.now() - 1_000);
  const early = anEvent('early', { event_timestamp: new Date(since.getTime() + AHEAD_MS).toISOString() });
  const broken = anEvent('broken', { quantity: 0 });
  const sent = [early, broken].map((event) => ({ key: event.transaction_id, value: JSON.stringify(event) }));
  await produceMessages(sent, TOPIC);

  const first = await onlyOne(untilRejected(early.transaction_id, 1));
  const second = await onlyOne(untilRejected(broken.transaction_id, 1));
  expect([first.replayedAt, second.replayedAt, second.replayOf]).toEqual([null, null, null]);
  await waitUntil(
    'the event to be no further ahead than it may be',
    () => Promise.resolve(Date.now() > since.getTime() + AHEAD_MS - LIMIT_MS + 1_000 ? true : undefined),
    { timeoutMs: 60_000 },
  );

  const args = ['--topic', TOPIC, '--since', since.toISOString()];
  const { reasons } = await replay(...args);
  expect(reasons.reduce((sum, tally) => sum + tally.sent, 0)).toBeGreaterThanOrEqual(2);
  await untilStored(early.transaction_id);
  const again = await untilRejected(broken.transaction_id, 2);
  const [copy, original] = again;
  expect(original).toMatchObject({ offset: second.offset, replayedAt: expect.any(String) as string });
  expect(copy).toMatchObject({
    replayedAt: null,
    replayOf: { partition: second.partition, offset: second.offset },
    value: second.value,
    key: second.key,
  });
  // The copy is a reject of its own; what was sent is not sent again.
  const once = await replay(...args, '--dry-run', '--reason', first.reason);
  expect(once.reasons).toMatchObject([{ wouldSend: 0 }]);
  const { body } = await call('GET', '/stream/rejects?limit=0');
  expect(rejectsBodySchema.parse(body).replayed).toBeGreaterThanOrEqual(2);
});
