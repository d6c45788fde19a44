import {
  UPKEEP_OPERATIONS,
  tableDetailSchema,
  tableHistorySchema,
  tableListSchema,
  upkeepRunsSchema,
} from '@millrace/domain';
import { z } from 'zod';
import { zodModel } from '../openapi/zod-model';

export const upkeepRequestSchema = z.strictObject({
  operation: z
    .enum(UPKEEP_OPERATIONS, { error: `must be one of: ${UPKEEP_OPERATIONS.join(', ')}` })
    .meta({ example: 'optimize' }),
});

export class TableListModel extends zodModel(tableListSchema) {}
export class TableDetailModel extends zodModel(tableDetailSchema) {}
export class TableHistoryModel extends zodModel(tableHistorySchema) {}
export class UpkeepRunsModel extends zodModel(upkeepRunsSchema) {}
export class UpkeepRequestModel extends zodModel(upkeepRequestSchema) {}

export class UpkeepRequestedModel extends zodModel(
  z.object({
    table: z.string().meta({ example: 'transactions' }),
    operation: z.enum(UPKEEP_OPERATIONS),
    jobId: z.string().meta({
      description: 'As the run has it that will be recorded',
      example: '5f0c7a52-3d1e-4c7b-9a68-1f2b3c4d5e6f',
    }),
  }),
) {}
