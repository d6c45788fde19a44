import { setting, wholeNumber } from '@millrace/platform';
import type { Schema } from '@millrace/platform';
import { getNextMillis } from 'bullmq';

/** Instead of a pattern: never by itself, only when asked for. */
export const OFF = 'off';

const PATTERN =
  'must be a cron pattern of five fields in UTC, like "0 */6 * * *" (minute, hour, day of month, month, day of week), or "off"';

/** A cron pattern that comes true some day, or `off`. */
export function cronPattern(): Schema<string> {
  return {
    safeParse: (value) => {
      const pattern = typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : '';
      return pattern === OFF || comesTrue(pattern)
        ? { success: true, data: pattern }
        : { success: false, error: { issues: [{ path: [], message: PATTERN }] } };
    },
  };
}

/** Judged by what computes the times later. It also knows seconds, which nobody means who writes six fields by mistake. */
function comesTrue(pattern: string): boolean {
  if (pattern.split(' ').length !== 5) return false;
  try {
    return getNextMillis(Date.now(), { pattern, tz: 'UTC' }) !== undefined;
  } catch {
    return false;
  }
}

/** The time after which Delta lets nobody read a version by default: before it, a reader may hold files of it. */
const WEEK_HOURS = 168;

export const upkeepSettings = {
  optimizeCron: setting({
    env: 'UPKEEP_OPTIMIZE_CRON',
    key: 'pipeline.upkeep.optimize-cron',
    schema: cronPattern(),
    description: 'When the small files of the tables of the stream are merged: cron pattern in UTC, or "off"',
  }),
  zorderCron: setting({
    env: 'UPKEEP_ZORDER_CRON',
    key: 'pipeline.upkeep.zorder-cron',
    schema: cronPattern(),
    description: 'When the stored events are sorted by customer and category: cron pattern in UTC, or "off"',
  }),
  vacuumCron: setting({
    env: 'UPKEEP_VACUUM_CRON',
    key: 'pipeline.upkeep.vacuum-cron',
    schema: cronPattern(),
    description: 'When files that no version of late needs are deleted: cron pattern in UTC, or "off"',
  }),
  vacuumRetainHours: setting({
    env: 'UPKEEP_VACUUM_RETAIN_HOURS',
    key: 'pipeline.upkeep.vacuum-retain-hours',
    schema: wholeNumber({ min: WEEK_HOURS, max: 87_600 }),
    description: 'How long files stay that the newest version does not need: so long a version can be read',
  }),
} as const;
