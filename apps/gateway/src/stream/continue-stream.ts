import { parseBody } from '@millrace/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Orchestrator } from './orchestrator';

const MOST_GAPS = 10_000;

export const continueStreamSchema = z.strictObject({
  acceptGaps: z
    .array(z.string().min(1).max(500), {
      error: 'must be a list of ids of gaps, as GET /stream/status shows them',
    })
    .min(1, { error: 'must name the gaps that are given up' })
    .max(MOST_GAPS, { error: `must name at most ${MOST_GAPS} gaps` })
    .refine((ids) => new Set(ids).size === ids.length, { error: 'must name each gap once' }),
});

export interface ContinuedStream {
  readonly accepted: readonly string[];
  readonly queryIds: readonly string[];
}

/** Gives up messages that are gone from the topic, and lets the stream go on behind them. */
@Injectable()
export class ContinueStream {
  constructor(private readonly orchestrator: Orchestrator) {}

  /** @throws Conflict when the gaps that are open are not the ones that are named. */
  async execute(body: unknown, requestId: string): Promise<ContinuedStream> {
    const { acceptGaps } = parseBody(continueStreamSchema, body ?? {});
    return this.orchestrator.continueStream(acceptGaps, requestId);
  }
}
