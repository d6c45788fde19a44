import { TRANSACTIONS_STREAM } from '@millrace/domain';
import type { StreamRegistry } from '@millrace/domain';
import { Inject, Injectable } from '@nestjs/common';
import type { StreamStatusBody } from '../openapi/stream-status-models';
import { STREAM_REGISTRY } from '../ports';
import { toStreamBody } from './stream-body';

/** State of the streams as the orchestrator last recorded it: needs neither Spark nor the orchestrator. */
@Injectable()
export class StreamStatus {
  constructor(@Inject(STREAM_REGISTRY) private readonly streams: StreamRegistry) {}

  async execute(): Promise<StreamStatusBody> {
    return toStreamBody(await this.streams.find(TRANSACTIONS_STREAM), new Date());
  }
}
