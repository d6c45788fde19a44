import { isDeltaError } from '@millrace/delta';
import { STREAMED_ANALYSES, TableNotFound, pageOf, pageQuerySchema, tablePaths } from '@millrace/domain';
import type { StreamedAnalysis, TablePaths } from '@millrace/domain';
import { InternalAuthGuard, parseQuery } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { pageHeaders } from '../batch-data/page-answer';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { readKeptAnalysis } from './kept-analysis';
import type { KeptAnalysis } from './kept-analysis';

/** Analyses that the stream keeps up to date, from the Delta files alone. */
@Controller('stream/analyses')
@UseGuards(InternalAuthGuard)
export class StreamAnalysesController {
  private readonly paths: TablePaths;
  private readonly querySchema;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    this.paths = tablePaths(config.deltaBasePath);
    this.querySchema = pageQuerySchema(config);
  }

  @Get(':name')
  async analysis(
    @Param('name') name: string,
    @Query() asked: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    const query = parseQuery(this.querySchema, asked);
    const known = STREAMED_ANALYSES.find((analysis) => analysis === name);
    if (known === undefined) {
      throw new TableNotFound(`There are the analyses ${STREAMED_ANALYSES.join(', ')}`);
    }
    const { version, asOf, rows } = await this.read(known);
    const data = rows.slice(query.offset, query.offset + query.limit);
    void reply.headers({
      ...pageHeaders(query, rows.length),
      'cache-control': 'no-store',
      'delta-table-version': String(version),
    });
    return { analysis: known, version, asOf, page: pageOf(query, data.length, rows.length), data };
  }

  private async read(name: StreamedAnalysis): Promise<KeptAnalysis> {
    try {
      return await readKeptAnalysis(this.ports.tables, this.paths[name], name);
    } catch (error) {
      if (!isDeltaError(error) || error.reason !== 'TABLE_NOT_FOUND') throw error;
      throw new TableNotFound(
        `No stream has kept ${name} yet: stop the stream and start it with "analyses": ["${name}"]`,
        { cause: error },
      );
    }
  }
}
