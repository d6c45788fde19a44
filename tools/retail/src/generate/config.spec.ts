import { resolve } from 'node:path';
import { InvalidSettings } from '@millrace/generator';
import { GENERATE_HELP, readGenerateSettings } from './config';

const NOW = new Date('2025-03-01T00:30:00Z');
const read = (environment: Record<string, string>, ...cliArguments: string[]) =>
  readGenerateSettings(environment, cliArguments, NOW);

describe('settings of retail generate', () => {
  it('have the defaults of the specification', () => {
    const settings = read({});
    expect(settings).toMatchObject({
      output: { folder: resolve('data/input') },
      transactions: 200,
      seed: '42',
      keepsExisting: false,
      manifest: undefined,
      printsJson: false,
    });
    expect(settings.dates).toHaveLength(30);
    expect(settings.dates[0]).toBe('2025-01-31');
    expect(settings.dates.at(-1)).toBe('2025-03-01');
  });

  it('come from the environment, and before it from the command line', () => {
    const settings = read(
      { RETAIL_DAYS: '2', RETAIL_TRANSACTIONS: '3', SEED: 'a', RETAIL_KEEP_EXISTING: 'true' },
      '--days=1',
      '--start-date',
      '2024-02-29',
    );
    expect(settings).toMatchObject({
      dates: ['2024-02-29'],
      transactions: 3,
      seed: 'a',
      keepsExisting: true,
    });
  });

  it.each([
    [['--days', '0'], /^--days must be a whole number from 1 to 3650 \(it is "0"\)$/],
    [['--transactions', 'many'], /^--transactions must be a whole number from 1 to 10000000 /],
    [['--start-date', '2025-02-30'], /^--start-date must be a date like 2025-01-31 \(it is "2025-02-30"\)$/],
    [['--start-date', '31.01.2025'], /^--start-date must be a date /],
    [['--start-date', '9999-12-30'], /^--start-date must be so early that 30 days end by 9999-12-31 /],
    [['--json=yes'], /^--json must be true or false/],
    [['--day', '1'], /^--day is not an option; the options are --days, /],
    [['--output'], /^--output needs a value$/],
  ])('are refused by the name that was given: %p', (cliArguments, message) => {
    expect(() => read({}, ...cliArguments)).toThrow(InvalidSettings);
    expect(() => read({}, ...cliArguments)).toThrow(message);
  });

  it('are refused by the name of their variable where that was given', () => {
    expect(() => read({ RETAIL_DAYS: '1.5' })).toThrow(/^RETAIL_DAYS must be a whole number/);
    expect(() => read({ RETAIL_START_DATE: '9999-12-31' })).toThrow(/^RETAIL_START_DATE must be so early/);
  });

  it('are all in the help, each with its variable and what it is for', () => {
    const options = [...GENERATE_HELP.matchAll(/^ {2}(--[a-z-]+)(?: <value>)? +[A-Z_]+ {2,}\S/gm)];
    expect(options.map(([, option]) => option)).toEqual([
      '--seed',
      '--output',
      '--days',
      '--transactions',
      '--start-date',
      '--manifest',
      '--keep-existing',
      '--json',
    ]);
  });
});
