import { GENERATOR_HELP, readGeneratorSettings } from './config';
import { asksForHelp } from './help';
import { InvalidSettings } from './settings';

describe('readGeneratorSettings', () => {
  it('has the defaults of the specification', () => {
    expect(readGeneratorSettings({})).toMatchObject({
      brokers: ['localhost:9092'],
      topic: 'transactions-stream',
      eventsPerSecond: 10,
      fraudRate: 0.02,
      pools: { customers: 5000, products: 500, stores: 50 },
      maxEvents: undefined,
    });
  });

  it('draws a seed when none is given', () => {
    expect(readGeneratorSettings({}).seed).not.toBe(readGeneratorSettings({}).seed);
    expect(readGeneratorSettings({ SEED: '7' }).seed).toBe('7');
  });

  it('takes several brokers and counts an empty value as absent', () => {
    const settings = readGeneratorSettings({
      KAFKA_BOOTSTRAP_SERVERS: 'a:1,b:2',
      FRAUD_RATE: '',
      MAX_EVENTS: '',
    });
    expect(settings).toMatchObject({ brokers: ['a:1', 'b:2'], fraudRate: 0.02, maxEvents: undefined });
  });

  it.each([
    ['EVENTS_PER_SECOND', '0'],
    ['EVENTS_PER_SECOND', 'fast'],
    ['EVENTS_PER_SECOND', '1e9'],
    ['FRAUD_RATE', '1.5'],
    ['FRAUD_RATE', '-0.1'],
    ['NUM_CUSTOMERS', '0'],
    ['NUM_PRODUCTS', '1.5'],
    ['NUM_STORES', '0x10'],
    ['MAX_EVENTS', '-1'],
    ['KAFKA_TOPIC', 'a/b'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'localhost'],
    ['TIME_OF_DAY', 'yes'],
    ['MALFORMED_RATE', '1%'],
    ['DUPLICATE_RATE', '1.01'],
    ['LATE_RATE', '-1'],
    ['START_TIME', 'yesterday'],
    ['JSON_SUMMARY', '1'],
  ])('refuses %s=%s and says so', (name, value) => {
    const read = () => readGeneratorSettings({ [name]: value });
    expect(read).toThrow(InvalidSettings);
    expect(read).toThrow(new RegExp(`^${name} must be `));
  });

  it('names every bad setting at once', () => {
    expect(() => readGeneratorSettings({ FRAUD_RATE: '2', NUM_STORES: '0' })).toThrow(
      /FRAUD_RATE.*\nNUM_STORES/,
    );
  });

  it('injects no faults unless told to', () => {
    expect(readGeneratorSettings({}).faults).toEqual({ malformed: 0, duplicate: 0, late: 0 });
    expect(
      readGeneratorSettings({ MALFORMED_RATE: '0.01', DUPLICATE_RATE: '0.02', LATE_RATE: '0.03' }).faults,
    ).toEqual({ malformed: 0.01, duplicate: 0.02, late: 0.03 });
  });

  it('reach brokers that ask for a name and a password, which come by the environment only', () => {
    const secured = {
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-256',
      KAFKA_SASL_USERNAME: 'millrace',
      KAFKA_SASL_PASSWORD: 'hidden',
    };
    expect(readGeneratorSettings({}).security).toEqual({ protocol: 'PLAINTEXT' });
    expect(readGeneratorSettings(secured).security).toEqual({
      protocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'SCRAM-SHA-256', username: 'millrace', password: 'hidden' },
    });
    const wrong = () => readGeneratorSettings({ ...secured, KAFKA_SASL_MECHANISM: 'x' });
    expect(wrong).toThrow('KAFKA_SASL_MECHANISM: must be one of');
    expect(() => readGeneratorSettings({}, ['--kafka-sasl-password', 'hidden'])).toThrow(InvalidSettings);
  });

  it('refuses faults that leave too little to be valid', () => {
    expect(() => readGeneratorSettings({ MALFORMED_RATE: '0.5' }, ['--late-rate', '0.41'])).toThrow(
      'MALFORMED_RATE, DUPLICATE_RATE, --late-rate must add up to at most 0.9 (they add up to 0.91)',
    );
  });

  it('runs without an end by the hours of the day, and a number of events at once', () => {
    expect(readGeneratorSettings({})).toMatchObject({ followsTimeOfDay: true, isBurst: false });
    expect(readGeneratorSettings({}, ['--count', '5'])).toMatchObject({
      maxEvents: 5,
      followsTimeOfDay: false,
      isBurst: true,
    });
    expect(
      readGeneratorSettings({ TIME_OF_DAY: 'true' }, ['--count=5', '--events-per-second=7']),
    ).toMatchObject({ maxEvents: 5, followsTimeOfDay: true, isBurst: false, eventsPerSecond: 7 });
  });
});

describe('options of the generator', () => {
  it('go before the environment', () => {
    const settings = readGeneratorSettings({ SEED: 'a', FRAUD_RATE: '0.5', KAFKA_TOPIC: 't' }, [
      '--seed=b=c',
      '--fraud-rate',
      '0.1',
      '--json',
      '--manifest',
      'm.json',
    ]);
    expect(settings).toMatchObject({ seed: 'b=c', fraudRate: 0.1, topic: 't', printsJson: true });
    expect(settings.manifest).toEqual({ path: 'm.json', calledAs: '--manifest' });
  });

  it.each([
    [['--count', '0'], /^--count must be a whole number from 1 to \d+ \(it is "0"\)$/],
    [['--counts', '1'], /^--counts is not an option; the options are --burst, --count, /],
    [['--count'], /^--count needs a value$/],
    [['--seed', '--json'], /^--seed needs a value$/],
    [['--json=maybe'], /^--json must be true or false \(it is "maybe"\)$/],
    [['--toString', '1'], /^--toString is not an option/],
    [['10'], /^10 is not an option/],
  ])('are refused by the name that was given: %p', (cliArguments, message) => {
    const read = () => readGeneratorSettings({}, cliArguments);
    expect(read).toThrow(InvalidSettings);
    expect(read).toThrow(message);
  });
});

describe('the help of the generator', () => {
  it('is asked for by either name, wherever it stands', () => {
    expect(asksForHelp(['--count', '5', '--help'])).toBe(true);
    expect(asksForHelp(['-h'])).toBe(true);
    expect(asksForHelp(['--count', '5'])).toBe(false);
  });

  it('tells every option with its variable and what it is for', () => {
    const refused = () => readGeneratorSettings({}, ['--nonsense']);
    const options = [...GENERATOR_HELP.matchAll(/^ {2}(--[a-z-]+)(?: <value>)? +[A-Z_]+ {2,}\S/gm)];
    expect(options).toHaveLength(18);
    for (const [, option] of options) expect(refused).toThrow(new RegExp(` ${option}(,|$)`));
  });
});

describe('START_TIME', () => {
  const now = new Date('2025-03-01T12:00:00Z');
  const read = (...cliArguments: string[]) => readGeneratorSettings({}, cliArguments, now);

  it('lets a number of events happen in the past, at once', () => {
    expect(
      read('--start-time', '2025-03-01T11:00:00Z', '--count', '3601', '--events-per-second', '1'),
    ).toMatchObject({ startTime: new Date('2025-03-01T11:00:00Z'), isBurst: true });
  });

  it('is refused where an event would happen in the future', () => {
    expect(() =>
      read('--start-time', '2025-03-01T11:00:00Z', '--count', '3602', '--events-per-second', '1'),
    ).toThrow(/^--start-time must be so early .* 3602 events at 1\/s take 3602 s /);
  });

  it('is refused without a number of events', () => {
    expect(() => read('--start-time', '2025-03-01T11:00:00Z')).toThrow(
      '--start-time needs a number of events (--count)',
    );
  });
});
