import { isTerminal } from '@millrace/domain';
import type { BatchBody } from '@millrace/domain';

/** A batch as a client asks for it. */
export interface Submission {
  readonly startDate: string;
  readonly endDate: string;
  readonly analysisType: string;
  readonly filters?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Accepted {
  readonly batchId: string;
  readonly isReplayed: boolean;
}

const LONGEST_WAIT_SECONDS = 60;

/** What the benches ask of the gateway. */
export class Gateway {
  constructor(private readonly url: string) {}

  /** Submits and waits for the end, as one request where the batch takes less than a minute. */
  async run(submission: Submission): Promise<BatchBody> {
    const prefer = { prefer: `wait=${LONGEST_WAIT_SECONDS}` };
    const first = await this.post('/batch/run', submission, prefer);
    let body = (await first.json()) as BatchBody;
    while (first.status === 202 && !isTerminal(body.status)) body = await this.status(body.batchId, prefer);
    if (body.status !== 'COMPLETED') throw new Error(`The batch did not complete: ${JSON.stringify(body)}`);
    return body;
  }

  async submit(submission: Submission, headers: Record<string, string> = {}): Promise<Accepted> {
    const response = await this.post('/batch/run', submission, headers);
    const body = (await response.json()) as { batchId: string };
    if (response.status !== 202) throw new Error(`Not accepted: ${JSON.stringify(body)}`);
    return { batchId: body.batchId, isReplayed: response.headers.get('idempotency-replayed') === 'true' };
  }

  async status(batchId: string, headers: Record<string, string> = {}): Promise<BatchBody> {
    const response = await fetch(`${this.url}/batch/status/${batchId}?view=record`, { headers });
    return (await response.json()) as BatchBody;
  }

  /** Raw rows of a batch, as the bytes that came. */
  async page(batchId: string, limit: number, offset: number): Promise<ArrayBuffer> {
    const response = await fetch(`${this.url}/batch/data/${batchId}?limit=${limit}&offset=${offset}`);
    if (!response.ok) throw new Error(`No page: ${await response.text()}`);
    return response.arrayBuffer();
  }

  /** Batches in a state, whatever the page. */
  async count(status: string): Promise<number> {
    const response = await fetch(`${this.url}/batch/list?status=${status}&limit=1`);
    return ((await response.json()) as { total: number }).total;
  }

  /** The HTTP status: 202 and 200 mean that it will be, or is, cancelled; 409 that it had ended. */
  async cancel(batchId: string): Promise<number> {
    return (await this.post(`/batch/${batchId}/cancel`, undefined, {})).status;
  }

  async startStream(topic: string): Promise<void> {
    const response = await this.post('/stream/start', { topic }, {});
    // 409: it runs already.
    if (response.ok || response.status === 409) return;
    throw new Error(`The stream did not start: ${await response.text()}`);
  }

  /** End offset, summed over the partitions, of the last micro-batch of the raw query. */
  async streamedEvents(): Promise<number> {
    const response = await fetch(`${this.url}/stream/status`);
    const { queries } = (await response.json()) as {
      queries: { name: string; lastProgress: { sources?: { endOffset?: unknown }[] } | null }[];
    };
    const progress = queries.find(({ name }) => name === 'transactions')?.lastProgress;
    const offsets = progress?.sources?.[0]?.endOffset ?? {};
    const byTopic = typeof offsets === 'string' ? (JSON.parse(offsets) as object) : offsets;
    return Object.values(byTopic)
      .flatMap((byPartition) => Object.values(byPartition as Record<string, number>))
      .reduce((sum, offset) => sum + offset, 0);
  }

  /** A table of the stream as it is now. */
  async table(name: string): Promise<{ readonly version: number; readonly files: number }> {
    const response = await fetch(`${this.url}/tables/${name}`);
    if (!response.ok) throw new Error(`The table is not to be seen: ${await response.text()}`);
    return (await response.json()) as { version: number; files: number };
  }

  async askForUpkeep(table: string, operation: string): Promise<void> {
    const response = await this.post(`/tables/${table}/upkeep`, { operation }, {});
    if (!response.ok) throw new Error(`Upkeep was refused: ${await response.text()}`);
  }

  private post(path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}
