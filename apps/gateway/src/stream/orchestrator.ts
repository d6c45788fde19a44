import type { ServiceClient } from '@millrace/platform';
import { z } from 'zod';

const startedSchema = z.object({ queryIds: z.array(z.string()) });
const stoppedSchema = z.object({ queriesStopped: z.int() });
const healthSchema = z.object({ spark: z.boolean() });

/** A stream begins and ends with a micro-batch, which may be a long one. */
const STREAM_TIMEOUT_MS = 120_000;
const HEALTH_TIMEOUT_MS = 2_000;

/** What the gateway asks of the orchestrator, the only service that speaks to Spark. */
export class Orchestrator {
  constructor(private readonly client: ServiceClient) {}

  async startStream(topic: string, requestId: string): Promise<{ queryIds: string[] }> {
    return this.client.call({
      method: 'POST',
      path: '/internal/stream/start',
      body: { topic },
      answer: startedSchema,
      timeoutMs: STREAM_TIMEOUT_MS,
      requestId,
    });
  }

  async stopStream(requestId: string): Promise<{ queriesStopped: number }> {
    return this.client.call({
      method: 'POST',
      path: '/internal/stream/stop',
      answer: stoppedSchema,
      timeoutMs: STREAM_TIMEOUT_MS,
      requestId,
    });
  }

  /** True when Spark answered the orchestrator lately. */
  async isSparkHealthy(): Promise<boolean> {
    const { spark } = await this.client.call({
      method: 'GET',
      path: '/internal/health',
      answer: healthSchema,
      timeoutMs: HEALTH_TIMEOUT_MS,
    });
    return spark;
  }

  /** Comes back when the streams and the running batches have ended. */
  async drain(timeoutMs: number): Promise<void> {
    await this.client.call({ method: 'POST', path: '/internal/drain', answer: z.unknown(), timeoutMs });
  }
}
