import type { Addresses } from '../addresses';
import { requireMain } from '../apps/app-part';
import type { StackConfig } from '../config';
import type { Home } from '../home/home';
import { PartFailure } from '../part-failure';
import type { Reporter } from '../reporter';
import type { Stack } from '../stack';
import { until } from '../until';
import { GatewayClient, progressOf } from './gateway-client';
import type { BatchStatusAnswer } from './gateway-client';
import { HISTORY_DAYS, ensureHistory } from './history';
import { resultTable } from './result-table';

const DAY_MS = 86_400_000;
const FIRST_COMMIT_LIMIT_MS = 120_000;
const BATCH_LIMIT_MS = 10 * 60_000;
const GENERATOR_STOP_LIMIT_MS = 12_000;
const ANALYSIS = 'revenue_by_category';
const DEFAULT_TOPIC = 'transactions-stream';

export interface DemoSetup {
  readonly stack: Stack;
  readonly config: StackConfig;
  readonly home: Home;
  readonly addresses: Addresses;
  readonly records: number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/** Shows what the application does: history, a stream, events, a batch over both, and its result. */
export async function demo(setup: DemoSetup): Promise<void> {
  const { stack, config, home, addresses, reporter, signal } = setup;
  const gateway = new GatewayClient(addresses.gateway, signal, config.inherited['MILLRACE_API_TOKEN']);
  await ensureHistory(stack, home, config.root, setup.records, (text) => {
    reporter.say(text);
  });
  const topic = config.inherited['KAFKA_TOPIC']?.split(',')[0] ?? DEFAULT_TOPIC;
  await stack.showing('stream', `from ${topic} into Delta`, async (step) => {
    const isNew = await gateway.startStream(topic);
    step.done(isNew ? undefined : `from ${topic} into Delta  (goes on where it stopped)`);
  });
  const since = new Date();
  await startGenerator(setup, topic);
  await waitForCommit(setup, gateway, since);
  const batch = await runBatch(setup, gateway);
  reporter.say(
    `\n${resultTable(await gateway.aggregatedRows(batch.batchId), reporter.colours.bold('x') !== 'x')}`,
  );
  reporter.say(
    ` from ${(batch.rowCount ?? 0).toLocaleString('en-US')} rows of version ${String(batch.sourceVersion)} of the table; the analysis counts the completed ones\n`,
  );
  reporter.say(` This result  ${addresses.gateway}/batch/data/${batch.batchId}/aggregated`);
}

async function startGenerator({ stack, config }: DemoSetup, topic: string): Promise<void> {
  const rate = config.inherited['EVENTS_PER_SECOND'] ?? '10';
  await stack.run('generator', `${rate} events/s to ${topic}`, () => ({
    name: 'generator',
    command: process.execPath,
    args: [
      '--max-old-space-size=256',
      '--enable-source-maps',
      requireMain(config.root, 'tools/generator', 'generator'),
    ],
    cwd: config.root,
    // The rate that is shown: with MAX_EVENTS alone the generator would not keep to one.
    env: { ...stack.appEnv(), KAFKA_TOPIC: topic, EVENTS_PER_SECOND: rate },
    stopLimitMs: GENERATOR_STOP_LIMIT_MS,
    waitsFor: 'the generator to start',
    readyLimitMs: 10_000,
    isReady: () => Promise.resolve(true),
    // With MAX_EVENTS it has an end.
    onExitZero: 'finished',
  }));
}

async function waitForCommit(
  { stack, signal }: DemoSetup,
  gateway: GatewayClient,
  since: Date,
): Promise<void> {
  await stack.showing('micro-batch', 'waiting for the first one with new events', async (step) => {
    const committed = await until(() => firstCommit(gateway, since), {
      what: 'a micro-batch with new events to be committed (GET /stream/status shows the queries)',
      limitMs: FIRST_COMMIT_LIMIT_MS,
      everyMs: 500,
      signal,
    });
    step.done(committed);
  });
}

async function firstCommit(gateway: GatewayClient, since: Date): Promise<string | undefined> {
  const status = await gateway.streamStatus();
  const broken = status.queries.find((query) => query.error !== null && !query.isActive);
  if (broken) throw new PartFailure('orchestrator', `the query ${broken.name} failed: ${broken.error ?? ''}`);
  for (const query of status.queries) {
    const progress = progressOf(query).find(
      (each) => each.numInputRows > 0 && new Date(each.timestamp) >= since,
    );
    if (progress) {
      return `${query.name}: micro-batch ${String(progress.batchId)}, ${String(progress.numInputRows)} events`;
    }
  }
  return undefined;
}

async function runBatch({ stack, signal }: DemoSetup, gateway: GatewayClient): Promise<BatchStatusAnswer> {
  const today = Date.now();
  const request = {
    startDate: isoDate(today - HISTORY_DAYS * DAY_MS),
    endDate: isoDate(today),
    analysisType: ANALYSIS,
  };
  const what = `${ANALYSIS}  ${request.startDate} to ${request.endDate}`;
  return stack.showing('batch', what, async (step) => {
    const batchId = await gateway.submitBatch(request);
    const finished = await until(
      async () => {
        const batch = await gateway.batchStatus(batchId);
        step.note(`${what}  ${batch.status}`);
        return ['PENDING', 'RUNNING'].includes(batch.status) ? undefined : batch;
      },
      { what: `batch ${batchId} to end`, limitMs: BATCH_LIMIT_MS, everyMs: 250, signal },
    );
    if (finished.status !== 'COMPLETED') {
      throw new PartFailure(
        'orchestrator',
        `batch ${batchId} is ${finished.status}: ${finished.errorMessage ?? ''}`,
      );
    }
    step.done(`${what}  ${batchId}`);
    return finished;
  });
}

function isoDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
