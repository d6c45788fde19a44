import { ConfigError, readConfig, tokenUnlessLoopback } from '@millrace/platform';
import { gatewaySettings } from './config';
import { testConfig } from './gateway.fixture';

describe('the settings of the gateway', () => {
  it('has defaults for everything that is no secret', () => {
    expect(testConfig()).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      streamTopics: ['transactions-stream'],
      failedStatusHttp: 500,
      drainTimeoutMs: 60_000,
      apiToken: undefined,
    });
  });

  it('takes several topics from the environment', () => {
    expect(testConfig({ KAFKA_TOPIC: 'one, two' }).streamTopics).toEqual(['one', 'two']);
  });

  it('names every variable that is missing, and shows no secret', () => {
    const variables = { REDIS_URL: 'http://user:hunter2@host', GATEWAY_PORT: '70000' };
    const read = () => readConfig(gatewaySettings, variables);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/DATABASE_URL: is required/);
    expect(read).toThrow(/MILLRACE_INTERNAL_TOKEN: is required/);
    expect(read).toThrow(/REDIS_URL: must be a URL/);
    expect(read).toThrow(/GATEWAY_PORT: must be a whole number from 0 to 65535 \(is "70000"\)/);
    expect(read).not.toThrow(/hunter2/);
  });

  it.each([
    ['200', 200],
    ['500', 500],
  ])('lets the status of a failed batch be %s', (text, status) => {
    expect(testConfig({ BATCH_FAILED_STATUS_HTTP: text }).failedStatusHttp).toBe(status);
  });

  it.each(['404', '204', '0200', '500.0'])('does not let it be %p', (text) => {
    expect(() => testConfig({ BATCH_FAILED_STATUS_HTTP: text })).toThrow(
      /BATCH_FAILED_STATUS_HTTP: must be 500 or 200/,
    );
  });

  it('refuses to be reachable from elsewhere without a token', () => {
    const open = testConfig({ MILLRACE_HOST: '0.0.0.0' });
    expect(tokenUnlessLoopback(open)).toMatchObject([{ name: 'MILLRACE_API_TOKEN' }]);
    const guarded = testConfig({ MILLRACE_HOST: '0.0.0.0', MILLRACE_API_TOKEN: 'the-token-of-the-api' });
    expect(tokenUnlessLoopback(guarded)).toEqual([]);
  });
});
