import { readConfig } from '@millrace/platform';
import { cronPattern, upkeepSettings } from './upkeep-settings';

const read = (variables: Record<string, string> = {}) => readConfig(upkeepSettings, variables);

describe('the settings of upkeep', () => {
  it('are those that were asked for, unless somebody changes them', () => {
    expect(read()).toEqual({
      optimizeCron: '0 */6 * * *',
      zorderCron: '30 2 * * 0',
      vacuumCron: '30 3 * * *',
      vacuumRetainHours: 168,
    });
  });

  it.each(['0 */6 * * *', ' 5  4 * * 1-5 ', '15 2 1,15 * *', 'off', '0 0 29 2 *'])('take %j', (pattern) => {
    expect(cronPattern().safeParse(pattern)).toEqual({
      success: true,
      data: pattern.trim().replace(/\s+/g, ' '),
    });
  });

  it.each([
    '',
    'daily',
    '* * * *',
    '* * * * * *',
    '61 * * * *',
    '0 24 * * *',
    '0 0 31 2 *',
    'never',
    6,
    null,
  ])('refuse %j as a time', (pattern) => {
    expect(cronPattern().safeParse(pattern).success).toBe(false);
  });

  it.each([
    ['UPKEEP_OPTIMIZE_CRON', 'hourly', 'must be a cron pattern of five fields in UTC'],
    ['UPKEEP_ZORDER_CRON', '* * * * * *', 'must be a cron pattern of five fields in UTC'],
    ['UPKEEP_VACUUM_CRON', '0 25 * * *', 'must be a cron pattern of five fields in UTC'],
    ['UPKEEP_VACUUM_RETAIN_HOURS', '24', 'must be a whole number from 168'],
  ])('name %s when it is wrong', (name, value, message) => {
    expect(() => read({ [name]: value })).toThrow(`${name}: ${message}`);
  });
});
