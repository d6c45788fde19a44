import {
  InvalidRequest,
  NAMED_TABLES,
  RESULT_TABLE_NAMES,
  TABLE_DESCRIPTIONS,
  TableNotFound,
  UPKEEP_OF,
  isKeptTable,
  parseTableName,
} from '@millrace/domain';
import type { TableListBody } from '@millrace/domain';
import { AcceptingGuard, parseBody } from '@millrace/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
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
  list(): TableListBody {
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
    await this.results.passThrough(`/tables/${requireTableName(name)}`, request, reply);
  }

  @Get(':name/history')
  @DescribeTableHistory()
  async history(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.results.passThrough(`/tables/${requireTableName(name)}/history`, request, reply);
  }

  @Get(':name/upkeep')
  @DescribeUpkeepRuns()
  async upkeep(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.results.passThrough(`/tables/${requireTableName(name)}/upkeep`, request, reply);
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
    const table = requireTableName(name);
    const { operation } = parseBody(upkeepRequestSchema, body);
    if (!isKeptTable(table)) {
      throw new InvalidRequest([
        { path: 'operation', message: `is not for this table: what is in it does not grow any more` },
      ]);
    }
    if (!UPKEEP_OF[table].some((known) => known === operation)) {
      const message = `must be one that this table takes: ${UPKEEP_OF[table].join(', ')}`;
      throw new InvalidRequest([{ path: 'operation', message }]);
    }
    return { table, operation, jobId: await this.orchestrator.requestUpkeep(table, operation, request.id) };
  }
}

/**
 * The name of a table: only what is made of known parts is passed on.
 * @throws TableNotFound for any other text.
 */
function requireTableName(name: string): string {
  if (parseTableName(name) !== undefined) return name;
  throw new TableNotFound(
    `No table has this name; there are ${[...NAMED_TABLES, ...RESULT_TABLE_NAMES].join(', ')}`,
  );
}
