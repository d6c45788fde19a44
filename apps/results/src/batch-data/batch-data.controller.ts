import type { Readable } from 'node:stream';
import { FULL_REPORT } from '@millrace/domain';
import type { BatchRecord } from '@millrace/domain';
import { InternalAuthGuard } from '@millrace/platform';
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
import { dataQueryReaders, requireOneTable } from './data-query';
import type { DataQuery } from './data-query';
import { entityTag, isKnownTag } from './entity-tag';
import { contentHeaders, nextCursor, nextLink, pageHeaders } from './page-answer';
import { openResult, readResult } from './read-result';
import { rawTable, requireAnalysisTable } from './result-table';
import type { ResultTable } from './result-table';
import { fingerprint, offsetAt } from './row-cursor';
import { rowLines } from './row-lines';

/** None where the client has it. */
type Body = string | Readable | undefined;

/** What is asked for, with its place found. */
interface PlacedData extends DataQuery {
  readonly rows: string;
}

/** Results of completed batches, from the registry and the Delta files alone. */
@Controller('batch/data')
@UseGuards(InternalAuthGuard)
export class BatchDataController {
  private readonly logger = new Logger(BatchDataController.name);
  private readonly readQuery;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    this.readQuery = dataQueryReaders(config);
  }

  @Get(':batchId')
  async raw(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Body> {
    const query = this.readQuery.raw(asked, request.headers);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const table = await this.asOf(record, rawTable(record), query);
    return this.send(rawAnswer(record, table), record, query, request, reply);
  }

  @Get([':batchId/aggregated', ':batchId/agg'])
  async aggregated(
    @Param('batchId') reference: string,
    @Query() asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Body> {
    const query = this.readQuery.aggregated(asked, request.headers);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    return this.send(await this.aggregatedAnswer(record, query), record, query, request, reply);
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

  private async send(
    answer: Answer,
    record: BatchRecord,
    asked: DataQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Body> {
    const query = placed(answer, record, asked);
    const [table, ...others] = answer.tables;
    const tag = entityTag([query.rows, query.format, query.limit, query.offset]);
    const facts = {
      etag: tag,
      'cache-control': 'private, no-cache',
      vary: 'accept',
      // Of several tables there is no one version.
      ...(table !== undefined && others.length === 0 && { 'delta-table-version': String(table.version) }),
    };
    if (isKnownTag(request.headers['if-none-match'], tag)) {
      void reply.headers(facts).code(304);
      return undefined;
    }
    const { body, returned, total } = await this.unlessExpired(record, () =>
      this.read(answer, record, query),
    );
    const page = query.format === 'json' ? query : { ...query, limit: returned };
    const next = answer.tables.length === 1 ? nextCursor(query, returned, total) : undefined;
    void reply
      .headers({ ...facts, ...pageHeaders(page, total), ...nextLink(request.url, next) })
      .headers(contentHeaders(query.format, `${record.batchId}-${answer.name}`));
    return body;
  }

  private asOf<Table extends ResultTable>(record: BatchRecord, table: Table, asOf: AsOf): Promise<Table> {
    return this.unlessExpired(record, () => tableAsOf(this.ports.tables, record, table, asOf));
  }

  private async read(answer: Answer, record: BatchRecord, query: PlacedData) {
    const open = (table: ResultTable) => openResult(this.ports.tables, record, table, query);
    const [table] = answer.tables;
    if (query.format !== 'json' && table !== undefined) {
      const { total, count, lines } = await rowLines(await open(table), query, query.format);
      lines.on('error', (error) => {
        this.logger.error(`The lines of ${record.batchId} broke off: ${error.message}`, error.stack);
      });
      return { body: lines, returned: count, total };
    }
    const page = answer.tables.length === 1 ? query : { limit: query.limit, offset: query.offset };
    return answer.read(page, async (one) => readResult(await open(one), query));
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

/** @throws InvalidRequest for a cursor of other rows. */
function placed({ name, tables }: Answer, { batchId }: BatchRecord, query: DataQuery): PlacedData {
  const { columns, filter, sort, cursor } = query;
  const versions = tables.map(({ version }) => String(version));
  const rows = fingerprint([batchId, name, versions, columns, filter, sort]);
  return { ...query, rows, offset: cursor === undefined ? query.offset : offsetAt(cursor, rows) };
}
