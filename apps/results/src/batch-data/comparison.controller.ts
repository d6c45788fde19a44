import {
  InvalidRequest,
  PreconditionFailed,
  analysesOf,
  isBatchReference,
  pageOf,
  pageQuerySchema,
} from '@millrace/domain';
import type { Comparison } from '@millrace/delta';
import type { BatchRecord, PageQuery } from '@millrace/domain';
import { InternalAuthGuard, parseQuery } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import type { AnswerBody } from './answer-sender';
import { requireCompletedBatch, unlessExpired } from './completed-batch';
import { conditionOf, entityTag } from './entity-tag';
import { noBody } from './no-body';
import { comparisonBody, contentHeaders, pageHeaders } from './page-answer';
import { unlessDeleted } from './read-result';
import { requireAnalysisTable } from './result-table';
import type { AnalysisTable } from './result-table';
import { COUNTED_ROWS } from './rows-of-analysis';

/** What changed from one batch to another of the same analysis: group by group, measure by measure. */
@Controller('batch/data')
@UseGuards(InternalAuthGuard)
export class ComparisonController {
  private readonly schema;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    const error = 'must be the id of the batch to compare with';
    const base = z.string({ error }).refine(isBatchReference, { error });
    this.schema = pageQuerySchema(config).extend({ base, analysis: z.string().optional() });
  }

  @Get(':batchId/aggregated/comparison')
  async compare(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerBody> {
    const { base: baseReference, analysis, ...page } = parseQuery(this.schema, asked);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const base = await requireCompletedBatch(this.ports.batches, baseReference);
    const after = requireAnalysisTable(record, analysis ?? record.analysisType);
    const before = tableOfBase(base, after);
    const tables = [base.batchId, before.version, record.batchId, after.version].map(String);
    const tag = entityTag(['comparison', after.analysisType, ...tables, page.limit, page.offset]);
    const facts = { etag: tag, 'cache-control': 'private, no-cache' };
    const sides = [
      { record: base, table: before },
      { record, table: after },
    ] as const;
    const condition = conditionOf(request.headers, tag);
    if (condition !== 'met') {
      // `*` or another tag is also of results that are gone.
      await this.open(...sides);
      if (condition === 'failed') throw new PreconditionFailed();
      void reply.headers(facts).code(304);
      return noBody(request);
    }
    const { changes, rows } = await this.read(...sides, page);
    const total = Object.values(changes).reduce((sum, count) => sum + count, 0);
    void reply.headers({ ...facts, ...pageHeaders(page, total), ...contentHeaders('json', '') });
    const { analysisType } = after;
    const batches = { batchId: record.batchId, base: base.batchId };
    return comparisonBody(
      { ...batches, analysisType, changes, page: pageOf(page, rows.length, total) },
      rows,
    );
  }

  private async read(base: Side, later: Side, page: PageQuery): Promise<Comparison> {
    const { keys } = COUNTED_ROWS[later.table.analysisType];
    const snapshots = await this.open(base, later);
    return this.unlessLost(base, () =>
      this.unlessLost(later, () => this.ports.tables.compare(...snapshots, { keys, ...page })),
    );
  }

  private async open(base: Side, later: Side) {
    const open = (side: Side) =>
      this.unlessLost(side, () =>
        this.ports.tables.openSnapshot(side.table.path, { version: side.table.version }),
      );
    return [await open(base), await open(later)] as const;
  }

  private unlessLost<T>({ record, table }: Side, read: () => Promise<T>): Promise<T> {
    return unlessExpired(this.ports.batches, record, async () => {
      try {
        return await read();
      } catch (cause) {
        // A read of two tables may have lost the other one.
        throw String(cause).includes(record.batchId)
          ? unlessDeleted(cause, record.batchId, table.step)
          : cause;
      }
    });
  }
}

/** One of the two results. */
interface Side {
  readonly record: BatchRecord;
  readonly table: AnalysisTable;
}

/** @throws InvalidRequest where the batch has no such analysis. */
function tableOfBase(base: BatchRecord, { analysisType }: AnalysisTable): AnalysisTable {
  const names = analysesOf(base.analysisType);
  if (names.includes(analysisType)) return requireAnalysisTable(base, analysisType);
  const message = `must be a batch with ${analysisType}; this one has ${names.join(', ')}`;
  throw new InvalidRequest([{ path: 'base', message }]);
}
