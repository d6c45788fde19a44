import { randomUUID } from 'node:crypto';
import type { BatchBody } from '@millrace/domain';
import { askAll } from './finished-batches';
import type { Round } from './finished-batches';
import { ensureHistory } from './history';
import { Outage } from './outage';
import type { OutageKind } from './outage';
import { allSettled, call, day, endpoints, pidOf, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, streamStatus } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(300_000);

/** So much longer than before takes only a request that waits for a part which is away. */
const HANGS_MS = 5_000;
/** What needs the part that is away may find out first that it is: no longer than the gateway waits for the orchestrator. */
const REFUSAL_LIMIT_MS = 11_000;

const KINDS: readonly OutageKind[] = ['gone', 'frozen'];
const WAITING = { startDate: day(-60), endDate: day(-1), analysisType: 'payment_analysis' };
const TOPIC_BATCH = {
  topic: 'transactions-batch',
  startOffset: 'earliest',
  endOffset: 'latest',
  analysisType: 'payment_analysis',
};
const UPKEEP = '/tables/stream_aggregations/upkeep';

interface Refused {
  readonly what: string;
  readonly method: 'GET' | 'POST';
  readonly path: () => string;
  readonly body?: object;
  readonly message: RegExp;
}

/** What needs a part that is away. */
const REFUSED: readonly Refused[] = [
  {
    what: 'a batch over a topic',
    method: 'POST',
    path: () => '/batch/run',
    body: TOPIC_BATCH,
    message: /^Kafka does not answer at /,
  },
  {
    what: 'a batch over a version',
    method: 'POST',
    path: () => '/batch/run',
    body: { ...WAITING, sourceVersion: 0 },
    message: /^Spark does not answer: /,
  },
  {
    what: 'a rerun',
    method: 'POST',
    path: () => `/batch/${simple.batchId}/rerun`,
    body: { at: 'original' },
    message: /^Spark does not answer: /,
  },
  {
    what: 'upkeep',
    method: 'POST',
    path: () => UPKEEP,
    body: { operation: 'vacuum' },
    message: /^The queue \(Redis\) cannot be reached$/,
  },
  {
    what: 'the pages of the queue',
    method: 'GET',
    path: () => '/ops/queues/api/queues',
    message: /^The queue \(Redis\) (cannot be reached|did not answer in time)$/,
  },
];

const outageId = randomUUID();
let simple: BatchBody;
let report: BatchBody;

async function finished(analysisType: string): Promise<BatchBody> {
  const batchId = await submitBatch({ ...WAITING, analysisType, labels: { outage: outageId } });
  const batch = await settled(batchId, 240_000);
  expect(batch).toMatchObject({ status: 'COMPLETED', errorMessage: null });
  return batch;
}

/** @param before what each question took while nothing was away: none may hang now. */
async function roundOfAnswers(when: string, before?: Round): Promise<Round> {
  const round = await askAll(simple, report, `outage:${outageId}`);
  const slowestFirst = [...round.tookMs].sort(([, one], [, other]) => other - one);
  const [, median = 0] = slowestFirst[Math.floor(slowestFirst.length / 2)] ?? [];
  const [slowest = '', worst = 0] = slowestFirst[0] ?? [];
  const times = `median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms (${slowest})`;
  process.stderr.write(`${when}: ${slowestFirst.length} answers, ${times}\n`);
  const hung = slowestFirst.filter(
    ([question, tookMs]) => tookMs > (before?.tookMs.get(question) ?? tookMs) + HANGS_MS,
  );
  expect(hung).toEqual([]);
  return round;
}

const batchCount = async (): Promise<number> =>
  (await call<{ total: number }>('GET', '/batch/list?limit=1')).body.total;

/** Not of the operation that comes every few hours by itself. */
async function vacuumRuns(): Promise<readonly unknown[]> {
  const { body } = await call<{ runs: readonly { operation: string }[] }>('GET', UPKEEP);
  return body.runs.filter(({ operation }) => operation === 'vacuum');
}

/** A submission with a key, so that it can be sent again. */
async function submitWithKey(key: string): Promise<{ status: number; batchId: string }> {
  const response = await fetch(`${endpoints.gateway}/batch/run`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(TOPIC_BATCH),
  });
  const { batchId = 'none' } = (await response.json()) as { batchId?: string };
  return { status: response.status, batchId };
}

/** The gateway is not ready without Redis, but it lives; the results service needs neither. */
const APPS = [
  ['gateway', '/health/live'],
  ['results', '/health/ready'],
] as const;

async function killApp(app: 'gateway' | 'results', probe: string): Promise<void> {
  const pid = pidOf(app);
  const start = performance.now();
  process.kill(pid, 'SIGKILL');
  await waitUntil(`another ${app}`, async () => {
    if (pidOf(app) === pid) return undefined;
    return (await fetch(`${endpoints[app]}${probe}`)).ok ? true : undefined;
  });
  process.stderr.write(`${app} answers again ${(performance.now() - start).toFixed(0)} ms after its kill\n`);
}

beforeAll(async () => {
  await ensureHistory();
  await ensureStreaming();
  await allSettled(120_000);
  [simple, report] = await Promise.all([finished('revenue_by_category'), finished('full_report')]);
});

describe.each(KINDS)('while Spark, Kafka and Redis are %s', (kind) => {
  const [sentBefore, refusedFirst] = [randomUUID(), randomUUID()];
  let before: Round;
  let keyed: string;
  let accepted: string;
  let outage: Outage | undefined;

  beforeAll(async () => {
    keyed = (await submitWithKey(sentBefore)).batchId;
    await settled(keyed);
    before = await roundOfAnswers('before');
    outage = await Outage.begin(kind);
  });

  afterAll(() => outage?.end());

  it('finished batches answer as before, byte for byte', async () => {
    expect((await roundOfAnswers(kind, before)).told).toEqual(before.told);
  });

  it('what is asked for is there: rows, analyses, lines, 304 and refusals', () => {
    const counts: Record<number, number> = {};
    for (const { status } of before.told) counts[status] = (counts[status] ?? 0) + 1;
    expect(counts[200]).toBeGreaterThan(40);
    expect(counts[304]).toBeGreaterThan(20);
    expect(counts[400]).toBe(4);
    expect(Object.keys(counts)).toHaveLength(3);
    const all = before.told.find(({ question }) => question.endsWith(`${simple.batchId}?format=ndjson`));
    expect(all?.headers['x-total-count']).toBe(String(simple.rowCount));
  });

  it('health says what is away', async () => {
    await waitUntil('health to say so', async () =>
      (await call('GET', '/health')).status === 503 ? true : undefined,
    );
    const { status, body } = await call('GET', '/health/ready');
    expect([status, body['checks']]).toEqual([503, { postgres: true, redis: false, accepting: true }]);
  });

  it('takes a batch over a table, which waits, and lets it be cancelled', async () => {
    const start = performance.now();
    accepted = await submitBatch({ ...WAITING, labels: { accepted: kind } });
    expect(performance.now() - start).toBeLessThan(HANGS_MS);
    const other = await submitBatch(WAITING);
    const cancelled = await call('POST', `/batch/${other}/cancel`);
    expect([cancelled.status, cancelled.body['status']]).toEqual([200, 'CANCELLED']);
    expect((await call('GET', `/batch/status/${accepted}`)).body).toMatchObject({ status: 'PENDING' });
  });

  it.each(REFUSED)('refuses $what in a sentence, and keeps nothing of it', async (asked) => {
    const count = await batchCount();
    const start = performance.now();
    const answer = await call<Record<string, string>>(asked.method, asked.path(), asked.body);
    const tookMs = performance.now() - start;
    const { error, message = '' } = answer.body;
    process.stderr.write(`${kind}, ${asked.what}: ${tookMs.toFixed(0)} ms, ${message}\n`);
    expect([answer.status, error]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(message).toMatch(asked.message);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(REFUSAL_LIMIT_MS);
    expect(await batchCount()).toBe(count);
  });

  it('gives the first answer to a key that it knows, and keeps none that it refuses', async () => {
    expect(await submitWithKey(sentBefore)).toEqual({ status: 202, batchId: keyed });
    expect(await submitWithKey(refusedFirst)).toEqual({ status: 503, batchId: 'none' });
  });

  it.each(APPS)('finished batches answer as before after a kill -9 of %s', async (app, probe) => {
    await killApp(app, probe);
    expect((await roundOfAnswers(`${kind}, new ${app}`, before)).told).toEqual(before.told);
  });

  it('goes on when they are back: what was taken runs, what was refused does not', async () => {
    const runs = await vacuumRuns();
    await outage?.end();
    expect(await settled(accepted)).toMatchObject({ status: 'COMPLETED', errorMessage: null });
    const { status, batchId } = await submitWithKey(refusedFirst);
    expect(status).toBe(202);
    expect(await settled(batchId)).toMatchObject({ status: 'COMPLETED', errorMessage: null });
    expect(await vacuumRuns()).toEqual(runs);
    await waitUntil('the stream to run again', async () => {
      const { queries } = await streamStatus();
      return queries.length > 0 && queries.every(({ isActive }) => isActive) ? true : undefined;
    });
    expect((await roundOfAnswers('after', before)).told).toEqual(before.told);
  }, 600_000);
});
