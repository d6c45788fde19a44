import { z } from 'zod';
import { closedObject } from './closed-object';
import { checkDecimals, decimalsSchema } from './decimals';
import { distributionSchema, leavesEnough } from './distribution';
import type { Distribution } from './distribution';
import { commonFieldShape } from './field-name';

/** Whole numbers: what is drawn, rounded. Of a uniform distribution both limits are as likely as the others. */
export const intFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('int'),
  distribution: distributionSchema,
}).superRefine((field, context) => {
  checkDistribution(field.distribution, 0, context);
});

export const floatFieldSchema = closedObject({
  ...commonFieldShape,
  type: z.literal('float'),
  distribution: distributionSchema,
  decimals: decimalsSchema.default(2),
}).superRefine((field, context) => {
  checkDistribution(field.distribution, field.decimals, context);
});

/** Limits that rounding would overstep, or that leave nothing. */
function checkDistribution(distribution: Distribution, decimals: number, context: z.RefinementCtx): void {
  if (distribution.type === 'exponential') return;
  const { min, max } = distribution;
  for (const [name, limit] of Object.entries({ min, max })) {
    if (limit !== undefined) checkDecimals(limit, decimals, ['distribution', name], context);
  }
  if (leavesEnough(distribution, 10 ** -decimals)) return;
  context.addIssue({
    code: 'custom',
    path: ['distribution'],
    message: 'must have at least 1 % of its values between min and max',
  });
}

export type IntField = z.infer<typeof intFieldSchema>;
export type FloatField = z.infer<typeof floatFieldSchema>;
