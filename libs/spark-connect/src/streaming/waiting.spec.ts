import type { SparkSession } from '../session/spark-session';
import { UNAVAILABLE } from '../testing/scripted-failure';
import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { FAST_RETRIES, sessionOf } from '../testing/scripted-session';

/** As often as one question is asked, with its retries. */
const ATTEMPTS = FAST_RETRIES.maxRetries + 1;

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const away: StreamScript = (stream) => {
  stream.fail(UNAVAILABLE);
};
const silence: StreamScript = (stream) => stream.canceled();
const times = (count: number, script: StreamScript) => Array.from({ length: count }, () => script);
const anyEnded =
  (terminated: boolean): StreamScript =>
  (stream) => {
    const value = { resultType: { case: 'awaitAnyTermination', value: { terminated } } } as never;
    stream.send('r1', { responseType: { case: 'streamingQueryManagerCommandResult', value } });
    stream.complete('r2');
  };
const wait = (options = {}) => spark.streams.awaitAnyTermination({ pollMs: 1, ...options });

describe('a wait for the end of a query', () => {
  it('outlives an outage that lasts longer than one question may', async () => {
    server.play(anyEnded(false), ...times(3 * ATTEMPTS, away), anyEnded(false), anyEnded(true));
    await expect(wait()).resolves.toBe(true);
  });

  it('outlives as many outages as come', async () => {
    for (let outage = 0; outage < 3; outage += 1) server.play(...times(3 * ATTEMPTS, away), anyEnded(false));
    server.play(anyEnded(true));
    await expect(wait()).resolves.toBe(true);
  });

  it('outlives a server that does not answer for a while', async () => {
    const impatient = sessionOf(server, { unaryDeadlineMs: 200 });
    await impatient.version();
    server.play(silence, anyEnded(true));
    await expect(impatient.streams.awaitAnyTermination()).resolves.toBe(true);
    await impatient.close();
  });

  it('ends with the reason when the retry policy would go on no longer', async () => {
    server.play(...times(ATTEMPTS * ATTEMPTS, away));
    await expect(wait()).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
    expect(server.requests('ExecutePlan')).toHaveLength(ATTEMPTS * ATTEMPTS);
  });

  it('ends with the reason when the time of the caller is up', async () => {
    server.play(...times(ATTEMPTS, away));
    await expect(wait({ timeoutMs: 0 })).rejects.toMatchObject({ code: 'CONNECTION_UNAVAILABLE' });
  });

  it('outlives nothing that the retry policy calls final', async () => {
    const retryPolicy = { ...FAST_RETRIES, isRetryable: () => false };
    const resigned = sessionOf(server, { retryPolicy });
    server.play(away);
    await expect(resigned.streams.awaitAnyTermination()).rejects.toMatchObject({
      code: 'CONNECTION_UNAVAILABLE',
    });
    await resigned.close();
  });

  it('ends when the session is closed, also during an outage', async () => {
    const retryPolicy = { ...FAST_RETRIES, initialBackoffMs: 60_000, maxBackoffMs: 60_000 };
    const closing = sessionOf(server, { retryPolicy, unaryDeadlineMs: 1_000 });
    server.play(away);
    const waiting = closing.streams.awaitAnyTermination();
    const ended = expect(waiting).rejects.toThrow('closed');
    await server.until(() => server.requests('ExecutePlan').length === 1);
    await closing.close();
    await ended;
  });

  it.each(['timeoutMs', 'pollMs'])('refuses a %s that is no number', async (name) => {
    await expect(wait({ [name]: Number.NaN })).rejects.toThrow(
      new TypeError(`${name} must be a number of milliseconds, not NaN`),
    );
    expect(server.calls).toEqual([]);
  });

  it('may pause without end between two questions', async () => {
    server.play(anyEnded(false), anyEnded(false));
    await expect(wait({ pollMs: Number.POSITIVE_INFINITY, timeoutMs: 50 })).resolves.toBe(false);
  });
});
