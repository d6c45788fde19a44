import { tablePaths } from '@millrace/domain';
import type { TableDetailBody, TableHistoryBody, TablePaths, UpkeepRunsBody } from '@millrace/domain';
import { InternalAuthGuard, parseQuery, requireNoQuery } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import type { ResultsConfig } from '../config';
import { RESULTS_CONFIG, RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { locateTable, readTable } from './locate-table';
import { describeSnapshot } from './table-detail';
import { describeCommit } from './table-history';
import { upkeepRuns } from './table-upkeep';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;
/** In the detail; there is a route of its own for more. */
const RUNS_OF_DETAIL = 5;
/** A stream may have committed between the reading of the snapshot and of its commit. */
const COMMITS_LOOKED_AT = 20;

const limitQuerySchema = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, { error: 'must be a whole number from 1' })
    .optional()
    .transform((limit) => Math.min(Number(limit ?? DEFAULT_LIMIT), MAX_LIMIT)),
});

/** What tables are made of and how they came to be, from their logs alone. */
@Controller('tables')
@UseGuards(InternalAuthGuard)
export class TablesController {
  private readonly paths: TablePaths;

  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    @Inject(RESULTS_CONFIG) config: ResultsConfig,
  ) {
    this.paths = tablePaths(config.deltaBasePath);
  }

  @Get(':name')
  async detail(@Param('name') name: string, @Query() query: unknown): Promise<TableDetailBody> {
    requireNoQuery(query);
    const { tables, upkeep } = this.ports;
    const table = await this.locate(name);
    const read = await readTable(table, async (path) => {
      const snapshot = await tables.openSnapshot(path);
      const rows = await tables.countRows(snapshot);
      const commits = await tables.history(path, COMMITS_LOOKED_AT);
      const commit = commits.find(({ version }) => version === snapshot.version);
      return describeSnapshot(snapshot, rows, commit);
    });
    const { runs } = await upkeepRuns(upkeep, name, RUNS_OF_DETAIL);
    return { name, description: table.description, ...read, upkeep: runs };
  }

  @Get(':name/history')
  async history(@Param('name') name: string, @Query() query: unknown): Promise<TableHistoryBody> {
    const { limit } = parseQuery(limitQuerySchema, query);
    const table = await this.locate(name);
    const commits = await readTable(table, (path) => this.ports.tables.history(path, limit));
    return { name, history: commits.map(describeCommit) };
  }

  @Get(':name/upkeep')
  async upkeep(@Param('name') name: string, @Query() query: unknown): Promise<UpkeepRunsBody> {
    const { limit } = parseQuery(limitQuerySchema, query);
    await this.locate(name);
    return upkeepRuns(this.ports.upkeep, name, limit);
  }

  private locate(name: string) {
    return locateTable(this.ports.batches, this.paths, name);
  }
}
