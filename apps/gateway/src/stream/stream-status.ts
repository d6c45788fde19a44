import type { JsonValue, StreamQueryRecord, StreamRecord, StreamRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import { STREAM_REGISTRY } from '../ports';

/** Name of the pipeline whose streams these routes are about. */
const PIPELINE = 'transactions';

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
    return toStreamBody(await this.streams.find(PIPELINE));
  }
}

export function toStreamBody(stream: StreamRecord | undefined): StreamStatusBody {
  return {
    active: stream?.queries.some((query) => query.isActive) ?? false,
    topic: stream?.topic ?? null,
    queries: stream?.queries.map(toQueryBody) ?? [],
  };
}

function toQueryBody(query: StreamQueryRecord): StreamQueryBody {
  return {
    id: query.queryId,
    runId: query.runId,
    name: query.name,
    isActive: query.isActive,
    status: query.statusMessage,
    lastProgress: query.lastProgress,
    recentProgress: query.recentProgress,
    error: query.errorMessage,
    restarts: query.restarts,
    updatedAt: query.updateTime.toISOString(),
  };
}
