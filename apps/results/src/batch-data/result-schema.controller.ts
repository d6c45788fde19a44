import type { BatchRecord, ResultSchemaBody } from '@millrace/domain';
import { InternalAuthGuard, parseQuery, requireNoQuery } from '@millrace/platform';
import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { z } from 'zod';
import { RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';
import { describeColumns } from '../tables/table-detail';
import { requireCompletedBatch, unlessExpired } from './completed-batch';
import { unlessDeleted } from './read-result';
import { rawTable, requireAnalysisTable } from './result-table';
import type { ResultTable } from './result-table';

const analysisSchema = z.strictObject({ analysis: z.string().optional() });

/** Which columns results have, so that somebody can ask for some of them. */
@Controller('batch/data')
@UseGuards(InternalAuthGuard)
export class ResultSchemaController {
  constructor(@Inject(RESULTS_PORTS) private readonly ports: ResultsPorts) {}

  @Get(':batchId/schema')
  async raw(@Param('batchId') reference: string, @Query() query: unknown): Promise<ResultSchemaBody> {
    requireNoQuery(query);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    return this.describe(record, rawTable(record), 'raw');
  }

  @Get(':batchId/aggregated/schema')
  async aggregated(@Param('batchId') reference: string, @Query() query: unknown): Promise<ResultSchemaBody> {
    const { analysis } = parseQuery(analysisSchema, query);
    const record = await requireCompletedBatch(this.ports.batches, reference);
    const table = requireAnalysisTable(record, analysis ?? record.analysisType);
    return this.describe(record, table, table.analysisType);
  }

  private describe(
    record: BatchRecord,
    { path, version, order, step }: ResultTable,
    result: ResultSchemaBody['result'],
  ): Promise<ResultSchemaBody> {
    const { batches, tables } = this.ports;
    return unlessExpired(batches, record, async () => {
      try {
        const snapshot = await tables.openSnapshot(path, { version });
        const rowCount = await tables.countRows(snapshot);
        const columns = describeColumns(snapshot);
        return {
          batchId: record.batchId,
          result,
          version: snapshot.version,
          rowCount,
          columns,
          order: [...order],
        };
      } catch (cause) {
        throw unlessDeleted(cause, record.batchId, step);
      }
    });
  }
}
