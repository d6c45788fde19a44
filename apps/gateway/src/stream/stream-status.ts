import { TRANSACTIONS_STREAM } from '@millrace/domain';
import type { JsonValue, StreamQueryRecord, StreamRecord, StreamRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import { STREAM_REGISTRY } from '../ports';

/** The orchestrator records a running query every 2 s: one not recorded for this long is running by hearsay only. */
export const UNSEEN_AFTER_MS = 30_000;

export interface StreamQueryBody {
  readonly id: string;
  readonly runId: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly status: string | null;
  readonly lastProgress: JsonValue;
  readonly recentProgress: readonly JsonValue[];
  readonly error: string | null;
  readonly restarts: number;
  readonly updatedAt: string;
}

export interface StreamStatusBody {
  readonly active: boolean;
  readonly topic: string | null;
  readonly queries: readonly StreamQueryBody[];
}

/** State of the streams as the orchestrator last recorded it: needs neither Spark nor the orchestrator. */
@Injectable()
export class StreamStatus {
  constructor(@Inject(STREAM_REGISTRY) private readonly streams: StreamRegistry) {}

  async execute(): Promise<StreamStatusBody> {
    return toStreamBody(await this.streams.find(TRANSACTIONS_STREAM), new Date());
  }
}

/** @param now What the ages of the records are measured against. */
export function toStreamBody(stream: StreamRecord | undefined, now: Date): StreamStatusBody {
  if (stream === undefined) return { active: false, topic: null, queries: [] };
  const queries = stream.queries.map((query) => toQueryBody(query, now));
  return {
    active: stream.desired === 'RUNNING' && queries.some((query) => query.isActive),
    topic: stream.topic,
    queries,
  };
}

function toQueryBody(query: StreamQueryRecord, now: Date): StreamQueryBody {
  const updatedAt = query.updateTime.toISOString();
  const isUnseen = query.isActive && now.getTime() - query.updateTime.getTime() > UNSEEN_AFTER_MS;
  return {
    id: query.queryId,
    runId: query.runId,
    name: query.name,
    isActive: query.isActive && !isUnseen,
    status: isUnseen ? `not seen since ${updatedAt}` : query.statusMessage,
    lastProgress: query.lastProgress,
    recentProgress: query.recentProgress,
    error: query.errorMessage,
    restarts: query.restarts,
    updatedAt,
  };
}
