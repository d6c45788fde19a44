import { resolve } from 'node:path';
import { InvalidSettings } from '@millrace/generator';
import { PRODUCE_HELP, readProduceSettings } from './config';

const NO_STACK = resolve('/nonexistent');
const read = (environment: Record<string, string>, ...cliArguments: string[]) =>
  readProduceSettings(environment, cliArguments, NO_STACK);

describe('settings of retail produce', () => {
  it('have the defaults of the specification', () => {
    expect(read({})).toEqual({
      input: { path: resolve('data/input'), calledAs: 'RETAIL_INPUT' },
      brokers: ['localhost:9092'],
      security: { protocol: 'PLAINTEXT' },
      topic: 'retail-orders',
      eventsPerSecond: 5,
      order: 'file',
      seed: '42',
      loops: false,
      limit: undefined,
      spreadsDay: false,
      logLevel: 'info',
      printsJson: false,
    });
  });

  it('come from the environment, and before it from the command line', () => {
    const environment = {
      KAFKA_BOOTSTRAP_SERVERS: 'a:1,b:2',
      RETAIL_TOPIC: 'orders',
      RETAIL_RATE: '7',
      RETAIL_ORDER: 'time',
      RETAIL_LOOP: 'true',
      RETAIL_SPREAD_DAY: 'true',
      RETAIL_INPUT: '/in',
      LOG_LEVEL: 'WARN',
    };
    expect(read(environment, '--rate', '0.5', '--limit', '10', '--topic=mine')).toMatchObject({
      brokers: ['a:1', 'b:2'],
      topic: 'mine',
      eventsPerSecond: 0.5,
      order: 'time',
      loops: true,
      spreadsDay: true,
      limit: 10,
      input: { path: '/in', calledAs: 'RETAIL_INPUT' },
      logLevel: 'warn',
    });
  });

  it('send as fast as Kafka takes them at the rate 0', () => {
    expect(read({}, '--rate', '0').eventsPerSecond).toBeUndefined();
  });

  it('shuffle by either name', () => {
    expect(read({}, '--shuffle').order).toBe('shuffle');
    expect(read({}, '--order', 'shuffle', '--shuffle').order).toBe('shuffle');
    expect(read({ RETAIL_SHUFFLE: 'true' }).order).toBe('shuffle');
    expect(() => read({ RETAIL_ORDER: 'time' }, '--shuffle')).toThrow(
      'RETAIL_ORDER must be shuffle, or absent, beside --shuffle (it is "time")',
    );
  });

  it('reach secured brokers with what the environment says, and no password among the options', () => {
    const secured = {
      KAFKA_SECURITY_PROTOCOL: 'SASL_PLAINTEXT',
      KAFKA_SASL_MECHANISM: 'PLAIN',
      KAFKA_SASL_USERNAME: 'millrace',
      KAFKA_SASL_PASSWORD: 'hidden',
    };
    expect(read(secured).security).toMatchObject({ protocol: 'SASL_PLAINTEXT' });
    expect(() => read({}, '--kafka-sasl-password', 'hidden')).toThrow(InvalidSettings);
  });

  it.each([
    [['--rate', '-1'], /^--rate must be a number from 0 to 1000000 \(it is "-1"\)$/],
    [['--order', 'random'], /^--order must be file, time or shuffle \(it is "random"\)$/],
    [['--bootstrap-servers', 'localhost'], /^--bootstrap-servers must be host:port, /],
    [['--topic', 'a/b'], /^--topic must be a topic name/],
    [['--limit', '0'], /^--limit must be a whole number from 1 /],
    [['--log-level', 'loud'], /^--log-level must be one of silent, fatal, error, /],
    [['--shuffled'], /^--shuffled is not an option; the options are --bootstrap-servers, /],
  ])('are refused by the name that was given: %p', (cliArguments, message) => {
    expect(() => read({}, ...cliArguments)).toThrow(InvalidSettings);
    expect(() => read({}, ...cliArguments)).toThrow(message);
  });

  it('are all in the help, each with its variable and what it is for', () => {
    const options = [...PRODUCE_HELP.matchAll(/^ {2}(--[a-z-]+)(?: <value>)? +[A-Z_]+ {2,}\S/gm)];
    expect(options).toHaveLength(12);
    for (const [, option] of options) expect(() => read({}, '--nonsense')).toThrow(` ${option ?? ''}`);
  });
});
