import { z } from 'zod';
import { zodModel } from './zod-model';
import { errorMembers } from './error-models';

const uptime = () => z.string().meta({ example: '2h 34m' });
const warnings = () =>
  z
    .array(z.string())
    .optional()
    .meta({
      description: 'What an operator should see to; absent where there is nothing',
      example: ['Topic transactions-stream is not as declared: partitions is 3, not 12'],
    });

export class HealthModel extends zodModel(
  z.object({ status: z.literal('healthy'), spark: z.literal(true), uptime: uptime(), warnings: warnings() }),
) {}

export class UnhealthyModel extends zodModel(
  z.object({
    status: z.literal('unhealthy'),
    spark: z.literal(false),
    uptime: uptime(),
    warnings: warnings(),
    ...errorMembers,
  }),
) {}

export class LiveModel extends zodModel(z.object({ status: z.literal('live') })) {}

const checks = () => z.object({ postgres: z.boolean(), redis: z.boolean(), accepting: z.boolean() });

export class ReadyModel extends zodModel(z.object({ status: z.literal('ready'), checks: checks() })) {}

export class NotReadyModel extends zodModel(
  z.object({ status: z.literal('not_ready'), checks: checks(), ...errorMembers }),
) {}

export class StoppingModel extends zodModel(z.object({ status: z.literal('shutting_down') })) {}
