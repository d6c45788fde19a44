import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import type { BatchBody } from '@millrace/domain';
import { isTerminal } from '@millrace/domain';
import { waitUntil } from './wait-until';

export const endpoints = requireEndpoints();

/** State folder of the stack under test. */
export function home(): string {
  const folder = process.env['MILLRACE_HOME'];
  if (folder === undefined) throw new Error('MILLRACE_HOME names the state folder of the stack under test');
  return folder;
}

export const deltaBasePath = (): string => join(home(), 'data', 'delta');

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** One call of the public API. */
export async function call<T = Record<string, unknown>>(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer<T>> {
  const response = await fetch(`${endpoints.gateway}${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as T,
  };
}

export interface BatchSubmission {
  readonly startDate: string;
  readonly endDate: string;
  readonly analysisType: string;
  readonly filters?: Readonly<Record<string, unknown>>;
  readonly sourceVersion?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly sinks?: readonly string[];
}

export async function submitBatch(submission: BatchSubmission): Promise<string> {
  const { status, body } = await call<{ batchId: string }>('POST', '/batch/run', submission);
  if (status !== 202) throw new Error(`Not accepted: ${JSON.stringify(body)}`);
  return body.batchId;
}

export const batchStatus = async (batchId: string): Promise<BatchBody> =>
  (await call<BatchBody>('GET', `/batch/status/${batchId}?view=record`)).body;

/** Waits until the batch has a terminal state. */
export function settled(batchId: string, timeoutMs = 120_000): Promise<BatchBody> {
  return waitUntil(
    `batch ${batchId} to end`,
    async () => {
      const body = await batchStatus(batchId);
      return isTerminal(body.status) ? body : undefined;
    },
    { timeoutMs },
  );
}

/** Waits until no batch waits or runs, whoever submitted it. */
export async function allSettled(timeoutMs: number): Promise<void> {
  await waitUntil(
    'no batch to wait or run',
    async () => {
      for (const state of ['PENDING', 'RUNNING']) {
        const { body } = await call<{ total: number }>('GET', `/batch/list?status=${state}&limit=1`);
        if (body.total > 0) return undefined;
      }
      return true;
    },
    { timeoutMs },
  );
}

export type StackPart = 'gateway' | 'orchestrator' | 'results' | 'spark' | 'redis' | 'postgres' | 'kafka';

/** Process of a part, as the supervisor noted it. */
export function pidOf(part: StackPart): number {
  const note = JSON.parse(readFileSync(join(home(), 'run', `${part}.json`), 'utf8')) as { pid: number };
  return note.pid;
}

const DAY_MS = 86_400_000;

/** YYYY-MM-DD, UTC, so many days from today. */
export function day(offset: number): string {
  return new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);
}

/** A range that holds all history and everything that streams. */
export const ALL_TIME = { startDate: day(-120), endDate: day(1) };
