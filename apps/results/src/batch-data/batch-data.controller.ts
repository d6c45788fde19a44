import { FULL_REPORT } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { InternalAuthGuard } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { analysisAnswer, rawAnswer, reportAnswer } from './answer';
import type { Answer } from './answer';
import { AnswerSender } from './answer-sender';
import type { AnswerBody } from './answer-sender';
import { tableAsOf } from './as-of';
import type { AsOf } from './as-of';
import { requireCompletedBatch, unlessExpired } from './completed-batch';
import { dataQueryReaders, requireOneTable } from './data-query';
import type { DataQuery } from './data-query';
import { rawTable, requireAnalysisTable } from './result-table';
import type { ResultTable } from './result-table';
import { COUNTED_ROWS, rawFilters } from './rows-of-analysis';

/** Results of completed batches, from the registry and the Delta files alone. */
@Controller('batch/data')
@UseGuards(InternalAuthGuard)
export class BatchDataController {
  private readonly readQuery;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
    private readonly sender: AnswerSender,
  ) {
    this.readQuery = dataQueryReaders(config);
  }

  @Get(':batchId')
  async raw(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerBody> {
    const query = this.readQuery.raw(asked, request.headers);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const table = await this.asOf(record, rawTable(record), query);
    return this.sender.send(rawAnswer(record, table), record, query, { request, reply });
  }

  @Get([':batchId/aggregated', ':batchId/agg'])
  async aggregated(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerBody> {
    const query = this.readQuery.aggregated(asked, request.headers);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    return this.sender.send(await this.aggregatedAnswer(record, query), record, query, { request, reply });
  }

  /** The raw rows that the analysis counted: of one of its rows, where the filters are the keys of its group. */
  @Get(':batchId/aggregated/rows')
  async rowsOfAnalysis(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerBody> {
    const query = this.readQuery.rowsOfAnalysis(asked, request.headers);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const { analysisType } = requireAnalysisTable(record, query.analysis ?? record.analysisType);
    const { conditions } = COUNTED_ROWS[analysisType];
    const answer = rawAnswer(record, { ...rawTable(record), conditions }, `${analysisType}-rows`);
    const filter = rawFilters(query.filter ?? []);
    return this.sender.send(answer, record, { ...query, filter }, { request, reply });
  }

  /** Of one analysis where one is asked for or there is only one, otherwise of the whole report. */
  private async aggregatedAnswer(record: BatchRecord, query: DataQuery): Promise<Answer> {
    const { analysis } = query;
    if (analysis === undefined && record.analysisType === FULL_REPORT) {
      requireOneTable(query);
      return reportAnswer(record);
    }
    const committed = requireAnalysisTable(record, analysis ?? record.analysisType);
    return analysisAnswer(record, await this.asOf(record, committed, query));
  }

  private asOf<Table extends ResultTable>(record: BatchRecord, table: Table, asOf: AsOf): Promise<Table> {
    return unlessExpired(this.ports.batches, record, () => tableAsOf(this.ports.tables, record, table, asOf));
  }
}
