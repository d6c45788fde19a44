import {
  InvalidRequest,
  NAMED_TABLES,
  RESULT_TABLE_NAMES,
  TABLE_DESCRIPTIONS,
  UPKEEP_OF,
  isKeptTable,
  requireTableName,
} from '@millrace/domain';
import type { TableListBody } from '@millrace/domain';
import { AcceptingGuard, parseBody, requireNoQuery } from '@millrace/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
// Injected by their classes, so type-only imports would lose them.
import { Results } from '../batch/results';
import { Orchestrator } from '../stream/orchestrator';
import { upkeepRequestSchema } from './table-models';
import {
  DescribeTableDetail,
  DescribeTableHistory,
  DescribeTableList,
  DescribeUpkeepRequest,
  DescribeUpkeepRuns,
} from './table-routes';

/** What is stored: the results service reads it, the orchestrator keeps it up. */
@ApiTags('tables')
@Controller('tables')
export class TablesController {
  constructor(
    private readonly results: Results,
    private readonly orchestrator: Orchestrator,
  ) {}

  @Get()
  @DescribeTableList()
  list(@Query() query: unknown): TableListBody {
    requireNoQuery(query);
    const tables = NAMED_TABLES.map((name) => ({
      name,
      description: TABLE_DESCRIPTIONS[name],
      upkeep: isKeptTable(name) ? [...UPKEEP_OF[name]] : [],
    }));
    return { tables, results: [...RESULT_TABLE_NAMES] };
  }

  @Get(':name')
  @DescribeTableDetail()
  async detail(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireTableName(name);
    await this.results.passThrough(`/tables/${name}`, request, reply);
  }

  @Get(':name/history')
  @DescribeTableHistory()
  async history(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireTableName(name);
    await this.results.passThrough(`/tables/${name}/history`, request, reply);
  }

  @Get(':name/upkeep')
  @DescribeUpkeepRuns()
  async upkeep(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireTableName(name);
    await this.results.passThrough(`/tables/${name}/upkeep`, request, reply);
  }

  @Post(':name/upkeep')
  @HttpCode(202)
  @UseGuards(AcceptingGuard)
  @DescribeUpkeepRequest()
  async request(
    @Param('name') name: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<unknown> {
    requireTableName(name);
    const { operation } = parseBody(upkeepRequestSchema, body);
    if (!isKeptTable(name)) {
      throw new InvalidRequest([
        { path: 'operation', message: `is not for this table: what is in it does not grow any more` },
      ]);
    }
    if (!UPKEEP_OF[name].some((known) => known === operation)) {
      const message = `must be one that this table takes: ${UPKEEP_OF[name].join(', ')}`;
      throw new InvalidRequest([{ path: 'operation', message }]);
    }
    return {
      table: name,
      operation,
      jobId: await this.orchestrator.requestUpkeep(name, operation, request.id),
    };
  }
}
