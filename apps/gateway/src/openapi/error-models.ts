import { ERROR_CODES } from '@millrace/domain';

import { z } from 'zod';
import { zodModel } from './zod-model';

export const EXAMPLE_ID = 'batch-20250115-a3f8e2b1';

export const timeSchema = () => z.iso.datetime().meta({ example: '2025-01-15T14:32:07.123Z' });
export const batchIdSchema = () => z.string().meta({ example: EXAMPLE_ID });

/** Members that every error body has. */
export const errorMembers = {
  error: z.enum(ERROR_CODES).meta({ description: 'Code to tell failures apart by' }),
  message: z.string().meta({ description: 'One sentence for people' }),
  timestamp: timeSchema(),
  requestId: z.string().optional().meta({ description: 'As in the X-Request-Id header and in the log' }),
};

export class ErrorModel extends zodModel(
  z.object({
    ...errorMembers,
    batchId: batchIdSchema().optional(),
    status: z.string().optional().meta({ description: 'State of the batch, where it is the reason' }),
    errorMessage: z.string().optional(),
    details: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each wrong field, parameter or header, by its name' }),
  }),
) {}
