import { z } from 'zod';
import { PartFailure } from '../part-failure';

const REQUEST_LIMIT_MS = 150_000;

const queryProgressSchema = z.object({
  batchId: z.number(),
  numInputRows: z.number(),
  timestamp: z.string(),
});

const streamStatusSchema = z.object({
  active: z.boolean(),
  queries: z.array(
    z.object({
      name: z.string(),
      isActive: z.boolean(),
      error: z.string().nullable(),
      recentProgress: z.array(z.unknown()),
    }),
  ),
});

const submittedSchema = z.object({ batchId: z.string() });

const batchStatusSchema = z.object({
  batchId: z.string(),
  status: z.string(),
  rowCount: z.number().nullable(),
  sourceVersion: z.number().nullable(),
  errorMessage: z.string().nullable(),
});

const tableSchema = z.object({ data: z.array(z.record(z.string(), z.unknown())) });

export type QueryProgress = z.infer<typeof queryProgressSchema>;
export type StreamStatus = z.infer<typeof streamStatusSchema>;
export type BatchStatusAnswer = z.infer<typeof batchStatusSchema>;
export type TableRow = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The gateway's REST routes, as the demo uses them. */
export class GatewayClient {
  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
    private readonly token: string | undefined,
  ) {}

  /** @returns false when the stream runs already, as it does after a restart of the stack */
  async startStream(topic: string): Promise<boolean> {
    const answer = await this.send('POST', '/stream/start', { topic });
    if (answer.status === 409) return false;
    this.requireOk('start the stream', answer);
    return true;
  }

  /** @returns false when no stream runs */
  async stopStream(): Promise<boolean> {
    const answer = await this.send('POST', '/stream/stop');
    if (answer.status === 409) return false;
    this.requireOk('stop the stream', answer);
    return true;
  }

  async streamStatus(): Promise<StreamStatus> {
    const answer = await this.send('GET', '/stream/status');
    return streamStatusSchema.parse(this.requireOk('read the status of the stream', answer));
  }

  /** @returns the batch's id */
  async submitBatch(request: { startDate: string; endDate: string; analysisType: string }): Promise<string> {
    const answer = await this.send('POST', '/batch/run', request);
    return submittedSchema.parse(this.requireOk('submit a batch', answer)).batchId;
  }

  async batchStatus(batchId: string): Promise<BatchStatusAnswer> {
    // A failed batch answers 500, with the same body.
    const { body } = await this.send('GET', `/batch/status/${batchId}`);
    return batchStatusSchema.parse(body);
  }

  async aggregatedRows(batchId: string): Promise<readonly TableRow[]> {
    const answer = await this.send('GET', `/batch/data/${batchId}/aggregated?limit=100`);
    return tableSchema.parse(this.requireOk('read the result', answer)).data;
  }

  private async send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.any([this.signal, AbortSignal.timeout(REQUEST_LIMIT_MS)]),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parseJson(text) };
  }

  private requireOk(what: string, { status, body }: Answer): unknown {
    if (status < 400) return body;
    const message = z.object({ message: z.string() }).safeParse(body);
    const why = message.success ? message.data.message : `HTTP ${String(status)}`;
    throw new PartFailure('gateway', `could not ${what}: ${why}`);
  }
}

/** The progress reports in a status that can be read as such. */
export function progressOf(query: StreamStatus['queries'][number]): readonly QueryProgress[] {
  return query.recentProgress.flatMap((entry) => {
    const parsed = queryProgressSchema.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
