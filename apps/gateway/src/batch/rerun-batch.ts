import { Conflict, isMillraceError, offsetSpecOf } from '@millrace/domain';
import type { BatchRecord, OffsetRange } from '@millrace/domain';
import { parseBody } from '@millrace/platform';
import { Injectable } from '@nestjs/common';
import { BatchPolicy } from './batch-policy';
import { FindBatch } from './find-batch';
import { fingerprintOf } from './fingerprint';
import { RegisterBatch } from './register-batch';
import type { Submitted } from './register-batch';
import { rerunBodySchema } from './rerun-request';
import type { RerunAt } from './rerun-request';
import { ResolveSource } from './resolve-source';
import type { Sender } from './sender';
import { deltaRange, kafkaRange, LATEST_VERSION } from './source-range';
import type { PinnedVersion, SourceRange } from './source-range';

/** Repeats a batch as a new one. */
@Injectable()
export class RerunBatch {
  constructor(
    private readonly findBatch: FindBatch,
    private readonly policy: BatchPolicy,
    private readonly resolve: ResolveSource,
    private readonly register: RegisterBatch,
  ) {}

  /**
   * @throws BatchNotFound; Conflict when the original cannot be read again, since its request was lost, or the batch never
   * found out what it reads, or Kafka or Delta has deleted that meanwhile; and as a submission does.
   */
  async execute(reference: string, body: unknown, sender: Sender): Promise<Submitted> {
    const { at } = parseBody(rerunBodySchema, body ?? {});
    const original = await this.findBatch.execute(reference);
    const fingerprint = fingerprintOf({ rerunOf: original.batchId, at });
    const replay = await this.register.replayOf(sender, fingerprint);
    if (replay !== undefined) return replay;
    this.policy.check(original);
    const { analysisType, filters, labels, sinks, timeoutSeconds, webhookUrl } = original;
    const range = await this.rangeOf(original, at, sender.requestedBy.requestId);
    const content = {
      ...range,
      analysisType,
      filters,
      labels,
      sinks,
      timeoutSeconds,
      webhookUrl,
      fingerprint,
    };
    return this.register.execute({ ...content, rerunOf: original.batchId }, sender);
  }

  private async rangeOf(original: BatchRecord, at: RerunAt, requestId: string): Promise<SourceRange> {
    const { source, startDate } = original;
    if (source !== 'kafka') {
      if (startDate === null) throw notDescribed(original);
      return deltaRange(source, original, await this.versionOf(original, source, at, requestId));
    }
    const { topic, startOffset, endOffset, sourceOffsets } = original;
    if (topic === null || startOffset === null || endOffset === null) throw notDescribed(original);
    const asked = { topic, startOffset: offsetSpecOf(startOffset), endOffset: offsetSpecOf(endOffset) };
    if (at === 'latest') return kafkaRange(asked, await this.resolve.offsets(asked, requestId));
    if (sourceOffsets === null) throw neverPinned(original);
    // All there is, rather than these offsets: a partition that is new since then does not matter.
    const everything = { topic, startOffset: 'earliest', endOffset: 'latest' } as const;
    const there = await stillThere(original, this.resolve.offsets(everything, requestId));
    const missing = missingFrom(there, sourceOffsets);
    if (missing !== undefined) throw notReadable(original, missing);
    return kafkaRange(asked, sourceOffsets);
  }

  private async versionOf(
    { batchId, sourcePath, sourceVersion }: BatchRecord,
    source: 'delta' | 'seed',
    at: RerunAt,
    requestId: string,
  ): Promise<PinnedVersion> {
    if (at === 'latest')
      return source === 'delta' ? LATEST_VERSION : this.resolve.version({ source }, requestId);
    if (sourcePath === null || sourceVersion === null) throw neverPinned({ batchId });
    const exactly = { source, sourceVersion: Number(sourceVersion) };
    const found = await stillThere({ batchId }, this.resolve.version(exactly, requestId));
    if (found.sourcePath !== sourcePath) {
      throw notReadable({ batchId }, `its table was ${sourcePath}, and is ${found.sourcePath ?? 'gone'} now`);
    }
    return found;
  }
}

/** Every request names its days or offsets. */
function notDescribed({ batchId }: Pick<BatchRecord, 'batchId'>): Conflict {
  return new Conflict(
    `What ${batchId} was asked for is not known: it was found on disk without its request. Submit that anew`,
  );
}

function neverPinned({ batchId }: Pick<BatchRecord, 'batchId'>): Conflict {
  return new Conflict(
    `${batchId} never began to read, so there is no original to read again: rerun it at latest`,
  );
}

/** The request named no offset and no version, so that one which is gone is no fault of a field. */
async function stillThere<T>(original: Pick<BatchRecord, 'batchId'>, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isMillraceError(error) || error.code !== 'INVALID_REQUEST') throw error;
    throw notReadable(original, error.message);
  }
}

/** What of the offsets that a batch read its topic does not have any more. */
function missingFrom(there: OffsetRange, read: OffsetRange): string | undefined {
  for (const [partition, start] of Object.entries(read.start)) {
    const [first, last] = [there.start[partition], there.end[partition]];
    const end = read.end[partition] ?? start;
    if (first === undefined || last === undefined) return `the topic has no partition ${partition}`;
    if (start >= first && end <= last) continue;
    return `partition ${partition} has offsets ${first} to ${last}, and it read ${start} to ${end}`;
  }
  return undefined;
}

function notReadable({ batchId }: Pick<BatchRecord, 'batchId'>, why: string): Conflict {
  return new Conflict(`What ${batchId} read cannot be read any more (${why}): rerun it at latest`);
}
