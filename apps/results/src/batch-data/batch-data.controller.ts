import { pageQuerySchema } from '@millrace/domain';
import type { BatchRecord, PageQuery } from '@millrace/domain';
import { InternalAuthGuard, parseQuery } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, Req, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { requireCompletedBatch } from './completed-batch';
import { entityTag, isKnownTag } from './entity-tag';
import { aggregatedBody, pageHeaders, rawBody } from './page-answer';
import { readResult } from './read-result';
import type { ResultRows } from './read-result';
import { aggregatedTable, rawTable } from './result-table';
import type { ResultTable } from './result-table';

/** One of the two results that a batch has. */
interface ResultKind {
  readonly name: 'raw' | 'aggregated';
  readonly table: (record: BatchRecord) => ResultTable;
  readonly body: (record: BatchRecord, query: PageQuery, rows: ResultRows) => string;
}

const RAW: ResultKind = { name: 'raw', table: rawTable, body: rawBody };
const AGGREGATED: ResultKind = { name: 'aggregated', table: aggregatedTable, body: aggregatedBody };

/** Results of completed batches, from the registry and the Delta files alone. */
@Controller('batch/data')
@UseGuards(InternalAuthGuard)
export class BatchDataController {
  private readonly querySchema: ReturnType<typeof pageQuerySchema>;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    this.querySchema = pageQuerySchema(config);
  }

  @Get(':batchId')
  raw(
    @Param('batchId') reference: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    return this.answer(RAW, reference, query, request, reply);
  }

  @Get([':batchId/aggregated', ':batchId/agg'])
  aggregated(
    @Param('batchId') reference: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    return this.answer(AGGREGATED, reference, query, request, reply);
  }

  private async answer(
    kind: ResultKind,
    reference: string,
    rawQuery: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<string | undefined> {
    const query = parseQuery(this.querySchema, rawQuery);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const table = kind.table(record);
    const tag = entityTag(record.batchId, kind.name, table.version, query);
    const headers = {
      etag: tag,
      'delta-table-version': String(table.version),
      'cache-control': 'private, no-cache',
    };
    if (isKnownTag(request.headers['if-none-match'], tag)) {
      void reply.headers(headers).code(304);
      return undefined;
    }
    const rows = await readResult(this.ports.tables, table, query);
    void reply.headers({ ...headers, ...pageHeaders(query, rows) }).type('application/json; charset=utf-8');
    return kind.body(record, query, rows);
  }
}
