import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BatchJob, BatchRecord, StreamRegistry } from '@millrace/domain';
import { readConfig } from '@millrace/platform';
import type { Environment, Service } from '@millrace/platform';
import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { gatewaySettings } from './config';
import { createGateway } from './create-gateway';
import type { BatchQueue } from './ports';

export const INTERNAL_TOKEN = 'internal-token-of-specs';

/** A queue that keeps what it is given, or fails. */
export class RecordingQueue implements BatchQueue {
  readonly jobs: BatchJob[] = [];
  readonly ranks: number[] = [];
  failure: Error | undefined;

  add(job: BatchJob, fairRank: number): Promise<void> {
    if (this.failure === undefined) {
      this.jobs.push(job);
      this.ranks.push(fairRank);
    }
    return this.ping();
  }

  ping(): Promise<void> {
    return this.failure === undefined ? Promise.resolve() : Promise.reject(this.failure);
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** Another service of ours, as a real HTTP server with answers that the spec gives. */
export interface NeighbourService {
  readonly url: string;
  /** `POST /internal/stream/start` and so on, in the order of arrival. */
  readonly calls: {
    readonly line: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  on(line: string, handler: Handler): void;
  close(): Promise<void>;
}

export async function startNeighbour(): Promise<NeighbourService> {
  const handlers = new Map<string, Handler>();
  const calls: NeighbourService['calls'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const line = `${request.method ?? ''} ${request.url ?? ''}`;
      const body = Buffer.concat(chunks).toString('utf8');
      const handler = handlers.get(line);
      if (line !== 'GET /internal/health') calls.push({ line, headers: request.headers, body });
      if (handler === undefined) response.writeHead(404).end();
      else handler(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    calls,
    on: (line, handler) => handlers.set(line, handler),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function sendJson(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

export interface TestGateway {
  readonly service: Service;
  readonly app: Service['app'];
  readonly queue: RecordingQueue;
  readonly exitCodes: number[];
}

/** The real application on ports in memory; the variables are over the defaults of `conf/`. */
export async function startTestGateway(
  ports: { readonly batches: InMemoryBatchRegistry; readonly streams: StreamRegistry },
  variables: Environment = {},
): Promise<TestGateway> {
  const queue = new RecordingQueue();
  const exitCodes: number[] = [];
  const service = await createGateway(
    testConfig(variables),
    {
      ...ports,
      changes: ports.batches.changes,
      webhooks: ports.batches.webhooks,
      queue,
      pingRegistry: async () => {
        await ports.batches.list({ limit: 1 });
      },
      close: () => Promise.resolve(),
    },
    { exit: (code) => exitCodes.push(code) },
  );
  return { service, app: service.app, queue, exitCodes };
}

/** A gateway over batches of the spec, and the orchestrator that it asks. */
export interface BatchGateway extends TestGateway {
  readonly batches: InMemoryBatchRegistry;
  readonly orchestrator: NeighbourService;
  readonly close: () => Promise<void>;
}

export async function startBatchGateway(
  records: readonly BatchRecord[] = [],
  variables: Environment = {},
): Promise<BatchGateway> {
  const orchestrator = await startNeighbour();
  const batches = new InMemoryBatchRegistry(records);
  const gateway = await startTestGateway(
    { batches, streams: new InMemoryStreamRegistry() },
    { ORCHESTRATOR_URL: orchestrator.url, ...variables },
  );
  const close = async () => {
    await gateway.app.close();
    await orchestrator.close();
  };
  return { ...gateway, batches, orchestrator, close };
}

export function testConfig(variables: Environment = {}) {
  return readConfig(gatewaySettings, {
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
    REDIS_URL: 'redis://127.0.0.1:1',
    MILLRACE_INTERNAL_TOKEN: INTERNAL_TOKEN,
    ORCHESTRATOR_URL: 'http://127.0.0.1:1',
    RESULTS_URL: 'http://127.0.0.1:1',
    LOG_LEVEL: 'silent',
    ...variables,
  });
}
