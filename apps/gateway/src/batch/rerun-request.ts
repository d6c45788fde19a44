import { z } from 'zod';

/** Body of `POST /batch/:batchId/rerun`. */
export const rerunBodySchema = z.strictObject({
  at: z.enum(['original', 'latest'], { error: 'must be original or latest' }).default('latest').meta({
    description: 'original: exactly what the batch read; latest: the same range of what is there now',
    example: 'original',
  }),
});

export type RerunAt = z.output<typeof rerunBodySchema>['at'];
