import type { Readable } from 'node:stream';
import { FULL_REPORT } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { InternalAuthGuard, parseQuery } from '@millrace/platform';
import { Controller, Get, Inject, Logger, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { analysisAnswer, rawAnswer, reportAnswer } from './answer';
import type { Answer } from './answer';
import { tableAsOf } from './as-of';
import type { AsOf } from './as-of';
import { requireCompletedBatch } from './completed-batch';
import { MEDIA_TYPES, dataQuerySchemas, formatOf, requireOneTable } from './data-query';
import type { DataQuery } from './data-query';
import { entityTag, isKnownTag } from './entity-tag';
import { pageHeaders } from './page-answer';
import { openResult, readResult } from './read-result';
import { rawTable, requireAnalysisTable } from './result-table';
import type { ResultTable } from './result-table';
import { rowLines } from './row-lines';

/** None where the client has it. */
type Body = string | Readable | undefined;

/** Results of completed batches, from the registry and the Delta files alone. */
@Controller('batch/data')
@UseGuards(InternalAuthGuard)
export class BatchDataController {
  private readonly logger = new Logger(BatchDataController.name);
  private readonly schemas;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    this.schemas = dataQuerySchemas(config);
  }

  @Get(':batchId')
  async raw(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Body> {
    const format = formatOf(asked, request.headers);
    const query = { ...parseQuery(this.schemas.raw[format], asked), format };
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const table = await this.asOf(record, rawTable(record), query);
    return this.send(rawAnswer(record, query, table), record, query, request, reply);
  }

  @Get([':batchId/aggregated', ':batchId/agg'])
  async aggregated(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Body> {
    const format = formatOf(asked, request.headers);
    const query = { ...parseQuery(this.schemas.aggregated[format], asked), format };
    const record = await requireCompletedBatch(this.ports.batches, reference);
    return this.send(await this.aggregatedAnswer(record, query), record, query, request, reply);
  }

  /** Of one analysis where one is asked for or there is only one, otherwise of the whole report. */
  private async aggregatedAnswer(
    record: BatchRecord,
    query: DataQuery & AsOf & { readonly analysis?: string | undefined },
  ): Promise<Answer> {
    const { analysis } = query;
    if (analysis === undefined && record.analysisType === FULL_REPORT) {
      requireOneTable(query);
      return reportAnswer(record, query);
    }
    const committed = requireAnalysisTable(record, analysis ?? record.analysisType);
    return analysisAnswer(record, query, await this.asOf(record, committed, query));
  }

  private async send(
    answer: Answer,
    record: BatchRecord,
    query: DataQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Body> {
    const versions = answer.tables.map(({ version }) => version);
    const tag = entityTag(record.batchId, answer.name, versions, query);
    const facts = {
      etag: tag,
      'cache-control': 'private, no-cache',
      vary: 'accept',
      // Of several tables there is no one version.
      ...(versions.length === 1 && { 'delta-table-version': versions.join() }),
    };
    if (isKnownTag(request.headers['if-none-match'], tag)) {
      void reply.headers(facts).code(304);
      return undefined;
    }
    const { body, headers } = await this.unlessExpired(record, () => this.read(answer, record, query));
    void reply.headers({ ...facts, ...headers }).type(`${MEDIA_TYPES[query.format]}; charset=utf-8`);
    return body;
  }

  private asOf<Table extends ResultTable>(record: BatchRecord, table: Table, asOf: AsOf): Promise<Table> {
    return this.unlessExpired(record, () => tableAsOf(this.ports.tables, record, table, asOf));
  }

  private async read(answer: Answer, record: BatchRecord, query: DataQuery) {
    const open = (table: ResultTable) => openResult(this.ports.tables, record, table);
    const [table] = answer.tables;
    if (query.format === 'ndjson' && table !== undefined) {
      const { total, count, lines } = await rowLines(await open(table), query);
      lines.on('error', (error) => {
        this.logger.error(`The lines of ${record.batchId} broke off: ${error.message}`, error.stack);
      });
      return { body: lines, headers: pageHeaders({ ...query, limit: count }, total) };
    }
    const { body, total } = await answer.read(async (one) => readResult(await open(one), query));
    return { body, headers: pageHeaders(query, total) };
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
