import { BATCH_STATUSES } from '@millrace/domain';
import { z } from 'zod';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;

/** A parameter that is given with no value counts as not given (`?status=&limit=20` is in the contract). */
const blankAsAbsent = (value: unknown) => (value === '' ? undefined : value);

export const batchListQuerySchema = z.strictObject({
  status: z
    .preprocess(
      blankAsAbsent,
      z.enum(BATCH_STATUSES, { error: `must be one of: ${BATCH_STATUSES.join(', ')}` }).optional(),
    )
    .optional(),
  limit: z
    .preprocess(
      blankAsAbsent,
      z
        .string()
        .regex(/^[1-9]\d{0,8}$/, { error: 'must be a whole number from 1' })
        .optional(),
    )
    .optional()
    .transform((limit) => Math.min(Number(limit ?? DEFAULT_LIMIT), MAX_LIMIT)),
});
