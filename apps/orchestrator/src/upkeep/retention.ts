/** Table property: how long files stay that the newest version does not need. VACUUM of Delta 4.3 goes by it alone. */
export const RETENTION_PROPERTY = 'delta.deletedFileRetentionDuration';
/** Where a table does not say. */
export const DEFAULT_RETENTION_HOURS = 168;

const HOURS_OF: Readonly<Record<string, number>> = { week: 168, day: 24, hour: 1 };

/** Hours of a property like `interval 7 days`; undefined where it is spelled in any other way. */
export function retentionHours(property: string): number | undefined {
  const [, number, unit = ''] =
    /^(?:interval\s+)?(\d{1,6})\s+(week|day|hour)s?$/i.exec(property.trim()) ?? [];
  const hours = HOURS_OF[unit.toLowerCase()];
  return number === undefined || hours === undefined ? undefined : Number(number) * hours;
}
