import { InvalidSettings } from '@millrace/generator';
import { SEEDER_HELP, readSeederSettings } from './config';

const NOW = new Date('2025-03-01T23:59:59.999Z');
const read = (environment: Record<string, string>, ...cliArguments: string[]) =>
  readSeederSettings(environment, cliArguments, NOW);

describe('readSeederSettings', () => {
  it('has the defaults of the specification', () => {
    expect(read({})).toMatchObject({
      history: { totalRecords: 1_000_000, days: 90, seed: '42', fraudRate: 0.02 },
      overwrites: false,
      kafka: undefined,
    });
  });

  it('ends yesterday in UTC, or on the given day', () => {
    expect(read({}).history.endDate).toEqual(new Date('2025-02-28T00:00:00.000Z'));
    expect(read({ SEED_END_DATE: '2024-02-29' }).history.endDate).toEqual(
      new Date('2024-02-29T00:00:00.000Z'),
    );
  });

  it('adds to the table of the stream, unless told to keep apart', () => {
    const base = { DELTA_BASE_PATH: '/d' };
    expect(read(base)).toMatchObject({ tablePath: '/d/stream/transactions', stagingRoot: '/d/_staging' });
    expect(read({ ...base, SEED_SEPARATE: 'true' }).tablePath).toBe('/d/seed/transactions');
    expect(read({ ...base, DELTA_OUTPUT_PATH: 'file:///x%20y/t' })).toMatchObject({
      tablePath: '/x y/t',
      stagingRoot: '/x y/_staging',
    });
    expect(read({}).tablePath).toBe(`${process.cwd()}/data/delta/stream/transactions`);
  });

  it('takes options before the environment', () => {
    expect(read({}).overwrites).toBe(false);
    expect(
      read({ TOTAL_RECORDS: '5' }, '--overwrite', '--total-records', '7', '--json', '--separate'),
    ).toMatchObject({ overwrites: true, printsJson: true, history: { totalRecords: 7 } });
    expect(read({}, '--manifest=m.json').manifest).toEqual({ path: 'm.json', calledAs: '--manifest' });
    expect(() => read({}, '--force')).toThrow(
      /^--force is not an option; the options are --date-range-days, .*--overwrite/,
    );
    expect(() => read({}, '--total-records', '0')).toThrow(/^--total-records must be a whole number /);
  });

  it.each(['2025-03-01', '2025-03-02', '2999-01-01'])('makes no history of the future: %s', (date) => {
    expect(() => read({ SEED_END_DATE: date })).toThrow(
      `SEED_END_DATE must be a day before today (UTC): nothing happens in the future (it is "${date}")`,
    );
  });

  it('feeds Kafka where wanted', () => {
    expect(read({ SEED_KAFKA: 'true', KAFKA_BOOTSTRAP_SERVERS: 'k:1' }).kafka).toEqual({
      brokers: ['k:1'],
      topic: 'transactions-batch',
      security: { protocol: 'PLAINTEXT' },
    });
  });

  it.each([
    ['TOTAL_RECORDS', '0'],
    ['DATE_RANGE_DAYS', '1.5'],
    ['SEED_END_DATE', '2025-02-30'],
    ['SEED_SEPARATE', '1'],
    ['SPARK_REMOTE', 'localhost:15002'],
    ['DELTA_BASE_PATH', 's3a://bucket/delta'],
    ['FRAUD_RATE', '2'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(InvalidSettings);
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name} must be `));
  });
});

describe('the help of the seeder', () => {
  it('tells every option with its variable and what it is for', () => {
    const refused = () => read({}, '--nonsense');
    const options = [...SEEDER_HELP.matchAll(/^ {2}(--[a-z-]+)(?: <value>)? +[A-Z_]+ {2,}\S/gm)];
    expect(options).toHaveLength(18);
    for (const [, option] of options) expect(refused).toThrow(new RegExp(` ${option}(,|$)`));
  });
});
