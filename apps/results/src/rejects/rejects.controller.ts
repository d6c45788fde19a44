import { isDeltaError } from '@millrace/delta';
import { tablePaths } from '@millrace/domain';
import type { RejectsBody } from '@millrace/domain';
import { InternalAuthGuard, parseQuery } from '@millrace/platform';
import { Controller, Get, Inject, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { rejectsBody } from './rejects-body';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

const querySchema = z.strictObject({
  limit: z
    .string()
    .regex(/^\d{1,15}$/, { error: 'must be a whole number' })
    .optional()
    .transform((limit) => Math.min(Number(limit ?? DEFAULT_LIMIT), MAX_LIMIT)),
});

/** Events that broke their contract, from the Delta files alone. */
@Controller('rejects')
@UseGuards(InternalAuthGuard)
export class RejectsController {
  private readonly path: string;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    this.path = tablePaths(config.deltaBasePath).rejects;
  }

  @Get()
  async rejects(@Query() query: unknown): Promise<RejectsBody> {
    const { limit } = parseQuery(querySchema, query);
    try {
      return await rejectsBody(this.ports, this.path, limit);
    } catch (error) {
      // No stream has run yet.
      if (isDeltaError(error) && error.reason === 'TABLE_NOT_FOUND')
        return { total: 0, replayed: 0, reasons: [], samples: [] };
      throw error;
    }
  }
}
