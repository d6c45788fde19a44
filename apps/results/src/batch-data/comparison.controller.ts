import { InvalidRequest, analysesOf, isBatchReference, pageOf, pageQuerySchema } from '@millrace/domain';
import type { Comparison } from '@millrace/delta';
import type { BatchRecord, PageQuery } from '@millrace/domain';
import { InternalAuthGuard, parseQuery } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { requireCompletedBatch, unlessExpired } from './completed-batch';
import { entityTag, isKnownTag } from './entity-tag';
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
  ): Promise<string | undefined> {
    const { base: baseReference, analysis, ...page } = parseQuery(this.schema, asked);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const base = await requireCompletedBatch(this.ports.batches, baseReference);
    const after = requireAnalysisTable(record, analysis ?? record.analysisType);
    const before = tableOfBase(base, after);
    const tables = [base.batchId, before.version, record.batchId, after.version].map(String);
    const tag = entityTag(['comparison', after.analysisType, ...tables, page.limit, page.offset]);
    const facts = { etag: tag, 'cache-control': 'private, no-cache' };
    if (isKnownTag(request.headers['if-none-match'], tag)) {
      void reply.headers(facts).code(304);
      return undefined;
    }
    const { changes, rows } = await this.read(
      { record: base, table: before },
      { record, table: after },
      page,
    );
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
    const { tables } = this.ports;
    const open = ({ table: { path, version } }: Side) => tables.openSnapshot(path, { version });
    const { keys } = COUNTED_ROWS[later.table.analysisType];
    const before = await this.unlessLost(base, () => open(base));
    const after = await this.unlessLost(later, () => open(later));
    return this.unlessLost(base, () =>
      this.unlessLost(later, () => tables.compare(before, after, { keys, ...page })),
    );
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
