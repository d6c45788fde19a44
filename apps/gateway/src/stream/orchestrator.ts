import type { OffsetRange, OffsetSpec } from '@millrace/domain';
import type { ServiceClient } from '@millrace/platform';
import { z } from 'zod';

const startedSchema = z.object({ queryIds: z.array(z.string()) });
const stoppedSchema = z.object({ queriesStopped: z.int() });
const offsetsSchema = z.record(z.string(), z.int());
const offsetRangeSchema = z.object({ start: offsetsSchema, end: offsetsSchema });
const resolvedVersionSchema = z.object({ sourcePath: z.string(), sourceVersion: z.int() });
const healthSchema = z.object({ spark: z.boolean() });

const RESOLVE_PATH = '/internal/batch/resolve';

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

  /** The offsets that a request for a topic stands for. */
  async resolveOffsets(
    asked: { readonly topic: string; readonly startOffset: OffsetSpec; readonly endOffset: OffsetSpec },
    requestId: string,
  ): Promise<OffsetRange> {
    const { topic, startOffset, endOffset } = asked;
    return this.client.call({
      method: 'POST',
      path: RESOLVE_PATH,
      body: { source: 'kafka', topic, startOffset, endOffset },
      answer: offsetRangeSchema,
      requestId,
    });
  }

  /** The version that a request for a table stands for; without a version and a time, the latest. */
  async resolveVersion(
    asked: {
      readonly source: 'delta' | 'seed';
      readonly sourceVersion?: number | undefined;
      readonly sourceTimestamp?: string | undefined;
    },
    requestId: string,
  ): Promise<z.infer<typeof resolvedVersionSchema>> {
    const { source, sourceVersion, sourceTimestamp } = asked;
    return this.client.call({
      method: 'POST',
      path: RESOLVE_PATH,
      body: { source, sourceVersion, sourceTimestamp },
      answer: resolvedVersionSchema,
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
