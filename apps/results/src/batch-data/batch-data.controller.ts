import { FULL_REPORT, pageQuerySchema } from '@millrace/domain';
import type { BatchRecord, PageQuery } from '@millrace/domain';
import { InternalAuthGuard, parseQuery } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { analysisAnswer, rawAnswer, reportAnswer } from './answer';
import type { Answer } from './answer';
import { asOfParameters, requireNoAsOf, tableAsOf } from './as-of';
import type { AsOf } from './as-of';
import { requireCompletedBatch } from './completed-batch';
import { entityTag, isKnownTag } from './entity-tag';
import { pageHeaders } from './page-answer';
import { readResult } from './read-result';
import { rawTable, requireAnalysisTable } from './result-table';
import type { ResultTable } from './result-table';

/** Results of completed batches, from the registry and the Delta files alone. */
@Controller('batch/data')
@UseGuards(InternalAuthGuard)
export class BatchDataController {
  private readonly rawQuery;
  private readonly aggregatedQuery;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    this.rawQuery = pageQuerySchema(config).extend(asOfParameters);
    // Whether the batch has the analysis is told once the batch is known.
    this.aggregatedQuery = this.rawQuery.extend({
      analysis: z.string().optional(),
    });
  }

  @Get(':batchId')
  async raw(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const { limit, offset, ...asOf } = parseQuery(this.rawQuery, asked);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const table = await this.asOf(record, rawTable(record), asOf);
    const query = { limit, offset };
    return this.send(rawAnswer(record, query, table), record, query, request, reply);
  }

  @Get([':batchId/aggregated', ':batchId/agg'])
  async aggregated(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const { analysis, limit, offset, ...asOf } = parseQuery(this.aggregatedQuery, asked);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const query = { limit, offset };
    const answer = await this.aggregatedAnswer(record, query, analysis, asOf);
    return this.send(answer, record, query, request, reply);
  }

  /** Of one analysis where one is asked for or there is only one, otherwise of the whole report. */
  private async aggregatedAnswer(
    record: BatchRecord,
    query: PageQuery,
    analysis: string | undefined,
    asOf: AsOf,
  ): Promise<Answer> {
    if (analysis === undefined && record.analysisType === FULL_REPORT) {
      requireNoAsOf(asOf);
      return reportAnswer(record, query);
    }
    const committed = requireAnalysisTable(record, analysis ?? record.analysisType);
    return analysisAnswer(record, query, await this.asOf(record, committed, asOf));
  }

  private async send(
    answer: Answer,
    record: BatchRecord,
    query: PageQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string | undefined> {
    const { name, versions } = answer;
    const tag = entityTag(record.batchId, name, versions, query);
    const headers = {
      etag: tag,
      'cache-control': 'private, no-cache',
      // Of several tables there is no one version.
      ...(versions.length === 1 && { 'delta-table-version': versions.join() }),
    };
    if (isKnownTag(request.headers['if-none-match'], tag)) {
      void reply.headers(headers).code(304);
      return undefined;
    }
    const { body, total } = await this.read(answer, record, query);
    void reply.headers({ ...headers, ...pageHeaders(query, total) }).type('application/json; charset=utf-8');
    return body;
  }

  private asOf<Table extends ResultTable>(record: BatchRecord, table: Table, asOf: AsOf): Promise<Table> {
    return this.unlessExpired(record, () => tableAsOf(this.ports.tables, record, table, asOf));
  }

  private read(answer: Answer, record: BatchRecord, query: PageQuery) {
    return this.unlessExpired(record, () =>
      answer.read((table) => readResult(this.ports.tables, record, table, query)),
    );
  }

  /** Deleted under a reader that was slower than the grace it had: then that its time was over is the answer. */
  private async unlessExpired<T>(record: BatchRecord, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      await requireCompletedBatch(this.ports.batches, record.batchId);
      throw error;
    }
  }
}
