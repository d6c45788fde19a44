import { setTimeout as delay } from 'node:timers/promises';
import { openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { isTerminal } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { Random } from '@millrace/generator';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { Gateway } from './gateway';
import { ALL_TIME } from './history';
import { withSeededStack } from './seeded-stack';

const LATEST_CANCEL_MS = 3_000;
const AT_ONCE = 8;
const GRACE_MS = 5_000;

/** Cancels at every moment of a batch's life. */
export const cancelSuite: Suite = {
  summary: '200 batches cancelled 0 to 3 s after submission: none goes on in Spark',
  run: (context) =>
    withSeededStack(context, context.isQuick ? 5_000 : 200_000, (stack) => measure(context, stack)),
};

async function measure({ output, isQuick }: BenchContext, stack: MeasuredStack): Promise<void> {
  const batches = isQuick ? 8 : 200;
  const registry = openRegistry({
    databaseUrl: stack.endpoints.postgres,
    maxConnections: 4,
    applicationName: 'bench',
  });
  try {
    const gateway = new Gateway(stack.endpoints.gateway);
    const random = Random.of('bench', 'cancel');
    const delays = Array.from({ length: batches }, () => random.next() * LATEST_CANCEL_MS);
    const findings: Finding[] = [];
    const next = async (): Promise<void> => {
      for (let ms = delays.pop(); ms !== undefined; ms = delays.pop()) {
        output.progress(`${delays.length} batches to go`);
        findings.push(await cancelOne(stack, registry, gateway, ms));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    print({ output, isQuick }, findings);
  } finally {
    await registry.close();
  }
}

interface Finding {
  readonly status: string;
  /** From the request to the terminal state. */
  readonly settledMs: number;
  /** Jobs of a cancelled batch that Spark still runs some seconds later. */
  readonly jobsLeft: number;
}

async function cancelOne(
  stack: MeasuredStack,
  registry: Registry,
  gateway: Gateway,
  afterMs: number,
): Promise<Finding> {
  const { batchId } = await gateway.submit({ ...ALL_TIME, analysisType: 'customer_segmentation' });
  await delay(afterMs);
  const askedAt = performance.now();
  await gateway.cancel(batchId);
  const record = await ended(registry, batchId);
  const settledMs = performance.now() - askedAt;
  if (record.status === 'COMPLETED') return { status: record.status, settledMs, jobsLeft: 0 };
  await delay(GRACE_MS);
  return { status: record.status, settledMs, jobsLeft: await jobsOf(stack, record) };
}

async function ended(registry: Registry, batchId: string): Promise<BatchRecord> {
  for (;;) {
    const record = await registry.batches.find(batchId);
    if (record === undefined) throw new Error(`${batchId} is gone`);
    if (isTerminal(record.status)) return record;
    await delay(20);
  }
}

async function jobsOf({ endpoints }: MeasuredStack, record: BatchRecord): Promise<number> {
  const api = `${endpoints.sparkUi}/api/v1/applications`;
  const [application] = (await (await fetch(api)).json()) as { id: string }[];
  const answer = await fetch(`${api}/${application?.id ?? ''}/jobs?status=running`);
  const jobs = (await answer.json()) as { jobTags?: string[] }[];
  const operations = Object.values(record.executions).map(({ operationId }) => operationId);
  return jobs.filter(({ jobTags = [] }) =>
    jobTags.some((tag) => operations.some((operation) => tag.endsWith(operation))),
  ).length;
}

function print({ output }: BenchContext, findings: readonly Finding[]): void {
  output.section(`${findings.length} batches cancelled, ${AT_ONCE} at a time`);
  for (const status of new Set(findings.map((finding) => finding.status))) {
    const settled = findings.filter((finding) => finding.status === status).map((f) => f.settledMs);
    output.row(status, [String(settled.length), `at most ${(Math.max(...settled) / 1_000).toFixed(1)} s`]);
  }
  const left = findings.reduce((sum, { jobsLeft }) => sum + jobsLeft, 0);
  output.row('Spark jobs of cancelled batches 5 s later', [String(left)]);
  const isRight = findings.every(({ status }) => status === 'CANCELLED' || status === 'COMPLETED');
  const isTried = findings.some(({ status }) => status === 'CANCELLED');
  if (!isRight || !isTried || left > 0) throw new Error('Some batches were not really cancelled');
}
