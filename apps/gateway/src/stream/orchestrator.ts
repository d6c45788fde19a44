import { consistencyBodySchema } from '@millrace/domain';
import type {
  ConsistencyBody,
  KeptTable,
  OffsetRange,
  OffsetSpec,
  StreamedAnalysis,
  StreamMode,
  UpkeepOperation,
} from '@millrace/domain';
import type { ServiceClient } from '@millrace/platform';
import { z } from 'zod';

const startedSchema = z.object({ queryIds: z.array(z.string()) });
const continuedSchema = z.object({ accepted: z.array(z.string()), queryIds: z.array(z.string()) });
const stoppedSchema = z.object({ queriesStopped: z.int() });
const offsetsSchema = z.record(z.string(), z.int());
const offsetRangeSchema = z.object({ start: offsetsSchema, end: offsetsSchema });
const resolvedVersionSchema = z.object({ sourcePath: z.string(), sourceVersion: z.int() });
const upkeepRequestedSchema = z.object({ jobId: z.string() });
const healthSchema = z.object({ spark: z.boolean(), warnings: z.array(z.string()).default([]) });

const RESOLVE_PATH = '/internal/batch/resolve';

/** A stream begins and ends with a micro-batch, which may be a long one. */
const STREAM_TIMEOUT_MS = 120_000;
const HEALTH_TIMEOUT_MS = 2_000;
/** Longer than the limit that the orchestrator keeps to, so that it can tell why. */
const VERIFY_TIMEOUT_MS = 270_000;

/** What the gateway asks of the orchestrator, the only service that speaks to Spark. */
export class Orchestrator {
  constructor(private readonly client: ServiceClient) {}

  /** @param asked Without analyses: only the queries that every stream has; without a mode: for ever. */
  async startStream(
    asked: {
      readonly topic: string;
      readonly analyses?: readonly string[] | undefined;
      readonly mode?: StreamMode | undefined;
    },
    requestId: string,
  ): Promise<{ queryIds: string[] }> {
    return this.client.call({
      method: 'POST',
      path: '/internal/stream/start',
      body: asked,
      answer: startedSchema,
      timeoutMs: STREAM_TIMEOUT_MS,
      requestId,
    });
  }

  /** @param acceptGaps Names of the gaps that are given up. */
  async continueStream(
    acceptGaps: readonly string[],
    requestId: string,
  ): Promise<z.infer<typeof continuedSchema>> {
    return this.client.call({
      method: 'POST',
      path: '/internal/stream/continue',
      body: { acceptGaps },
      answer: continuedSchema,
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

  /** A job for an operation on a table; the one that waits or runs already, where somebody asked for the same. */
  async requestUpkeep(table: KeptTable, operation: UpkeepOperation, requestId: string): Promise<string> {
    const { jobId } = await this.client.call({
      method: 'POST',
      path: '/internal/upkeep',
      body: { table, operation },
      answer: upkeepRequestedSchema,
      requestId,
    });
    return jobId;
  }

  /** Reads all events: takes as long as a batch over them. */
  async verifyConsistency(analysis: StreamedAnalysis, requestId: string): Promise<ConsistencyBody> {
    return this.client.call({
      method: 'POST',
      path: '/internal/verify/consistency',
      body: { analysis },
      answer: consistencyBodySchema,
      timeoutMs: VERIFY_TIMEOUT_MS,
      requestId,
    });
  }

  /** Whether Spark answered the orchestrator lately, and what an operator should see to. */
  async health(): Promise<z.infer<typeof healthSchema>> {
    return this.client.call({
      method: 'GET',
      path: '/internal/health',
      answer: healthSchema,
      timeoutMs: HEALTH_TIMEOUT_MS,
    });
  }

  /** Comes back when the streams and the running batches have ended. */
  async drain(timeoutMs: number): Promise<void> {
    await this.client.call({ method: 'POST', path: '/internal/drain', answer: z.unknown(), timeoutMs });
  }
}
