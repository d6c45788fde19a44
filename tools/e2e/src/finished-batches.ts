import { createHash } from 'node:crypto';
import type { BatchBody } from '@millrace/domain';
import { ANALYSIS_NAMES } from '@millrace/domain';
import { endpoints } from './stack-under-test';

/** What differs from answer to answer to the same question. */
const OF_THE_MOMENT = ['connection', 'date', 'keep-alive', 'x-request-id'];

/** An answer, as far as it must not change. */
export interface Told {
  readonly question: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly length: number;
  readonly sha256: string;
  /** Of the body, for whoever reads a failure. */
  readonly beginning: string;
}

interface Question {
  readonly method?: 'GET' | 'HEAD';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Round {
  readonly told: readonly Told[];
  /** How long each took. */
  readonly tookMs: ReadonlyMap<string, number>;
}

/** Everything that can be asked about the results of these two, each also as HEAD and with the tag of its answer. */
export async function askAll(simple: BatchBody, report: BatchBody, label: string): Promise<Round> {
  const told: Told[] = [];
  const tookMs = new Map<string, number>();
  const ask = async (question: Question): Promise<Told> => {
    const start = performance.now();
    const answer = await answerTo(question);
    tookMs.set(answer.question, performance.now() - start);
    told.push(answer);
    return answer;
  };
  for (const path of recordPaths(simple, report, label)) await ask({ path });
  for (const path of dataPaths(simple, report)) {
    const { etag } = (await ask({ path })).headers;
    await ask({ method: 'HEAD', path });
    if (etag !== undefined) await ask({ path, headers: { 'if-none-match': etag } });
  }
  const lines = { accept: 'application/x-ndjson' };
  await ask({ path: `/batch/data/${simple.batchId}?limit=20`, headers: lines });
  return { told, tookMs };
}

function recordPaths(simple: BatchBody, report: BatchBody, label: string): string[] {
  const each = [simple, report].flatMap(({ batchId, uuid }) => [
    `/batch/status/${batchId}`,
    `/batch/status/${uuid}?view=record`,
    `/batch/${batchId}/events`,
  ]);
  const list = `/batch/list?label=${label}`;
  return [...each, list, `${list}&status=COMPLETED&limit=1`, `${list}&analysisType=full_report`];
}

function dataPaths(simple: BatchBody, report: BatchBody): string[] {
  const [raw, ofReport] = [simple, report].map(({ batchId }) => `/batch/data/${batchId}`);
  const last = Math.max((simple.rowCount ?? 0) - 10, 0);
  return [
    ...['', '?limit=50&offset=0', '?limit=50&offset=50', `?limit=50&offset=${last}`].map(
      (query) => `${raw}${query}`,
    ),
    `${raw}?limit=100&columns=transaction_id,category,total_amount`,
    `${raw}?limit=5&versionAsOf=0`,
    `${raw}?format=ndjson`,
    `${raw}?format=ndjson&columns=region,total_amount&offset=100&limit=1000`,
    `${raw}/aggregated`,
    `${raw}/agg?limit=2&offset=1`,
    `${raw}/aggregated?columns=category,total_revenue&versionAsOf=0`,
    `${raw}/aggregated?format=ndjson`,
    `${ofReport}?limit=50`,
    `${ofReport}/aggregated`,
    ...ANALYSIS_NAMES.map((name) => `${ofReport}/aggregated?analysis=${name}&limit=25`),
    `${ofReport}/aggregated?analysis=hourly_trends&format=ndjson`,
    // Refusals are answers as well.
    `${raw}?columns=no_such_column`,
    `${raw}?versionAsOf=99`,
  ];
}

async function answerTo({ method = 'GET', path, headers = {} }: Question): Promise<Told> {
  const response = await fetch(`${endpoints.gateway}${path}`, { method, headers });
  const body = Buffer.from(await response.arrayBuffer());
  const isRefusal = response.status >= 400;
  const text = isRefusal ? withoutMoment(body.toString()) : body;
  return {
    question: [method, path, ...Object.entries(headers).map((header) => header.join(': '))].join(' '),
    status: response.status,
    headers: Object.fromEntries([...response.headers].filter(([name]) => !OF_THE_MOMENT.includes(name))),
    length: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
    beginning: text.toString().slice(0, 300),
  };
}

/** A refusal has the time and the request in its body. */
function withoutMoment(body: string): string {
  if (body === '') return body;
  const { error, message, details } = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify({ error, message, details });
}
