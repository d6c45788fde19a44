import { InvalidSettings, readGeneratorSettings } from './config';

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
});
