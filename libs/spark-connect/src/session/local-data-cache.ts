import { createHash } from 'node:crypto';
import { create, isMessage } from '@bufbuild/protobuf';
import { CachedLocalRelationSchema, type CachedLocalRelation } from '../generated/spark/connect/relations_pb';
import { endOf, hasGivenUp, type WaitLimits } from './call-limits';

/** Data a plan names by its hash, and where its way to the server has come to. */
interface LocalData {
  readonly hash: string;
  /** Undefined once the server has them. */
  bytes: Uint8Array | undefined;
  sending: Promise<void> | undefined;
}

/** Sends bytes to the server under their hash, unless it has them. */
export type SendData = (hash: string, bytes: Uint8Array) => Promise<void>;

/**
 * Local tables too large to travel inside every plan: their plans carry a hash, and the data is sent once, before the first plan that
 * needs it. Until then it lives as long as a DataFrame that refers to it.
 */
export class LocalDataCache {
  private readonly entries = new WeakMap<CachedLocalRelation, LocalData>();
  private isUsed = false;

  /** The relation that stands for a serialised `LocalRelation`. */
  add(bytes: Uint8Array): CachedLocalRelation {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const relation = create(CachedLocalRelationSchema, { hash });
    this.entries.set(relation, { hash, bytes, sending: undefined });
    this.isUsed = true;
    return relation;
  }

  /** Sends what a request refers to and the server does not have, or waits for who sends it; was there anything? */
  async sendFor(request: unknown, limits: WaitLimits, send: SendData): Promise<boolean> {
    if (!this.isUsed) return false;
    let wasMissing = false;
    for (const relation of cachedRelationsIn(request)) {
      const data = this.entries.get(relation);
      if (data?.bytes === undefined) continue;
      wasMissing = true;
      await sendOnce(data, limits, send);
    }
    return wasMissing;
  }
}

const STILL_SENDING =
  'the rows of createDataFrame were still on their way to the server when the deadline passed: allow more time (deadlineMs)';

async function sendOnce(data: LocalData, limits: WaitLimits, send: SendData): Promise<void> {
  while (data.bytes !== undefined) {
    if (data.sending === undefined) {
      data.sending = send(data.hash, data.bytes);
      try {
        await data.sending;
        data.bytes = undefined;
      } finally {
        data.sending = undefined;
      }
    } else {
      // If the other action's attempt fails (it may have been aborted), this one makes its own.
      await endOf(data.sending, limits);
      if (hasGivenUp(limits, STILL_SENDING)) return;
    }
  }
}

function* cachedRelationsIn(value: unknown): Generator<CachedLocalRelation> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (isMessage(value, CachedLocalRelationSchema)) yield value;
  else for (const part of Object.values(value)) yield* cachedRelationsIn(part);
}
