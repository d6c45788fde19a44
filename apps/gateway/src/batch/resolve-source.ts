import { isMillraceError, ServiceUnavailable } from '@millrace/domain';
import type { OffsetRange, OffsetSpec } from '@millrace/domain';
import { Injectable } from '@nestjs/common';
import { Orchestrator } from '../stream/orchestrator';
import type { PinnedVersion } from './source-range';

const RETRY_AFTER_SECONDS = 5;

/** Asks the orchestrator what offsets and versions there are: only it speaks to Kafka and Spark. */
@Injectable()
export class ResolveSource {
  constructor(private readonly orchestrator: Orchestrator) {}

  /** @throws InvalidRequest naming the offset that the topic does not have. */
  async offsets(
    asked: { readonly topic: string; readonly startOffset: OffsetSpec; readonly endOffset: OffsetSpec },
    requestId: string,
  ): Promise<OffsetRange> {
    return explained(this.orchestrator.resolveOffsets(asked, requestId));
  }

  /** @throws InvalidRequest when the table has no such version. */
  async version(
    asked: {
      readonly source: 'delta' | 'seed';
      readonly sourceVersion?: number | undefined;
      readonly sourceTimestamp?: string | undefined;
    },
    requestId: string,
  ): Promise<PinnedVersion> {
    const { sourcePath, sourceVersion } = await explained(this.orchestrator.resolveVersion(asked, requestId));
    return { sourcePath, sourceVersion: BigInt(sourceVersion) };
  }
}

async function explained<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isMillraceError(error) || error.code !== 'SERVICE_UNAVAILABLE') throw error;
    throw new ServiceUnavailable(
      `${error.message}; offsets of a topic and versions of a table are looked up there: ask again when it is back`,
      { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS },
    );
  }
}
