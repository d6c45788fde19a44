import { getEventListeners } from 'node:events';
import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { onAbort } from '../channel/abort-listeners';
import { SparkSession } from '../session/spark-session';
import { UNAVAILABLE } from '../testing/scripted-failure';
import { ScriptedServer } from '../testing/scripted-server';
import { FAST_RETRIES, sendIds, sessionOf } from '../testing/scripted-session';

let server: ScriptedServer;
let spark: SparkSession;
let controller: AbortController;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
  controller = new AbortController();
});

afterEach(async () => {
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  await spark.close();
  server.close();
});

const reason = new Error('the user left');

/** Aborts, and expects the call to end at once as canceled, for the reason given. */
async function aborts(call: Promise<unknown>): Promise<void> {
  const ended = expect(call).rejects.toMatchObject({ code: 'OPERATION_CANCELED', cause: reason });
  const startedAt = performance.now();
  controller.abort(reason);
  await ended;
  expect(performance.now() - startedAt).toBeLessThan(3_000);
}

const signal = () => ({ signal: controller.signal });
const silently = (): void => {
  server.play(() => undefined);
};

/** Every way to make a request, by the method that carries it. */
const CALLS: [string, () => Promise<unknown>][] = [
  ['AnalyzePlan', () => spark.version(signal())],
  ['Config', () => spark.conf.get('k', signal())],
  ['Interrupt', () => spark.interruptTag('t', signal())],
  ['ReleaseSession', () => spark.release(signal())],
  ['ExecutePlan', () => spark.range(1).collect(signal())],
  ['ExecutePlan', () => spark.streams.attach('q', 'r').status(signal())],
  ['ReattachExecute', () => spark.reattach(randomUUID(), signal())],
];

describe('an abort', () => {
  test.each(CALLS)('before %s: nothing is sent', async (_method, call) => {
    controller.abort(reason);
    await expect(call()).rejects.toMatchObject({ code: 'OPERATION_CANCELED', cause: reason });
    expect([...server.handshakes, ...server.calls]).toEqual([]);
  });

  test.each(CALLS.filter(([method]) => !['Interrupt', 'ReleaseSession'].includes(method)))(
    'while the version is asked for, before %s',
    async (_method, call) => {
      server.silent.add('handshake');
      const result = call();
      await server.until(() => server.handshakes.length > 0);
      await aborts(result);
      expect(server.calls).toEqual([]);
    },
  );

  test('while the confs of the builder are sent', async () => {
    const configured = SparkSession.builder()
      .remote(`sc://127.0.0.1:${String(server.port)}`)
      .config('k', 'v')
      .build();
    server.silent.add('Config');
    const result = configured.range(1).collect(signal());
    await server.until(() => server.methods().includes('Config'));
    await aborts(result);
    await configured.close();
  });

  test('while another call prepares the session', async () => {
    server.silent.add('handshake');
    const other = new AbortController();
    const first = spark.version({ signal: other.signal }).catch(() => undefined);
    await server.until(() => server.handshakes.length > 0);
    await aborts(spark.range(1).collect(signal()));
    other.abort();
    await first;
  });

  test.each(CALLS)('while %s is not answered', async (method, call) => {
    await spark.version();
    server.silent.add(method);
    silently();
    const result = call();
    await server.until(() =>
      server
        .methods()
        .filter((name) => name !== 'AnalyzePlan' || method === name)
        .includes(method),
    );
    await aborts(result);
  });

  test.each(CALLS)('while a retry of %s waits', async (method, call) => {
    spark = await withPolicy({ ...FAST_RETRIES, initialBackoffMs: 60_000, maxBackoffMs: 60_000 });
    const before = server.calls.length;
    server.failuresOf(method).push(UNAVAILABLE);
    server.play((stream) => {
      stream.fail(UNAVAILABLE);
    });
    const result = call();
    await server.until(() => server.calls.length > before);
    await untilTimers((timers) => timers > 0);
    await aborts(result);
  });

  test('while a connection is made', async () => {
    const nowhere = SparkSession.builder().remote('sc://127.0.0.1:1').build();
    await aborts(nowhere.range(1).collect(signal()));
    await nowhere.close();
  });

  test('between two responses', async () => {
    server.interruptedIds.push(['found']);
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
    });
    const result = spark.range(1).collect(signal());
    await server.until(() => server.methods().includes('ReleaseExecute'));
    await aborts(result);
    await server.untilReleased();
  });

  test('while the reader is busy with a row ends the reading at the next one', async () => {
    server.interruptedIds.push(['found']);
    server.play((stream) => {
      sendIds(stream, 'r1', 0, [0]);
      sendIds(stream, 'r2', 1, [1]);
      stream.complete('r3');
    });
    const rows: unknown[] = [];
    const reading = (async () => {
      for await (const row of spark.range(1).toLocalIterator(signal())) {
        rows.push(row);
        controller.abort(reason);
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    expect(rows).toEqual([{ id: 0n }]);
    await server.untilReleased();
  });

  test('while the details of an error are asked for leaves the error as it is', async () => {
    server.silent.add('FetchErrorDetails');
    server.analyzeFailures.push({ code: status.INTERNAL, message: 'boom', metadata: { errorId: 'e' } });
    const result = expect(spark.version(signal())).rejects.toMatchObject({ message: 'boom' });
    await server.until(() => server.methods().includes('FetchErrorDetails'));
    controller.abort(reason);
    await result;
  });

  test('while the operation is released leaves the release to its retries: the server must not keep the result', async () => {
    server.failuresOf('ReleaseExecute').push(UNAVAILABLE);
    server.play((stream) => {
      stream.complete('r1');
    });
    await spark.range(1).collect(signal());
    controller.abort(reason);
    await server.until(() => server.methods().filter((name) => name === 'ReleaseExecute').length === 2);
  });

  test('whose interrupt is not answered still ends the call', async () => {
    server.silent.add('Interrupt');
    silently();
    const result = spark.range(1).collect(signal());
    await server.until(() => server.methods().includes('ExecutePlan'));
    const startedAt = performance.now();
    controller.abort(reason);
    await expect(result).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  }, 15_000);

  test('ends the wait for the end of a streaming query', async () => {
    const isActive = { statusMessage: '', isDataAvailable: false, isTriggerActive: false, isActive: true };
    server.play((stream) => {
      const resultType = { case: 'status', value: isActive } as const;
      const value = { queryId: { id: 'q', runId: 'r' }, resultType };
      stream.send('r1', { responseType: { case: 'streamingQueryCommandResult', value } });
      stream.end();
    });
    const wait = spark.streams.attach('q', 'r').awaitTermination({ ...signal(), pollMs: 60_000 });
    await server.until(() => server.methods().includes('ExecutePlan'));
    await aborts(wait);
  });

  test('comes too late for a call that has ended', async () => {
    await expect(spark.version(signal())).resolves.toBe('4.0.1');
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });
});

describe('one signal for many calls', () => {
  test('has one listener, warns of no leak, and ends them all', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    await spark.version();
    server.silent.add('Config');
    const calls = Array.from({ length: 30 }, () => spark.conf.get('k', signal()));
    await server.until(() => server.methods().filter((name) => name === 'Config').length === 30);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    const all = Promise.allSettled(calls);
    controller.abort(reason);
    const codes = (await all).map((result) =>
      result.status === 'rejected' ? (result.reason as { code: string }).code : result.status,
    );
    expect(new Set(codes)).toEqual(new Set(['OPERATION_CANCELED']));
    await new Promise(setImmediate);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('calls back everyone who still listens, once', () => {
    const called: string[] = [];
    const stop = onAbort(controller.signal, () => called.push('stopped'));
    onAbort(controller.signal, () => called.push('a'));
    onAbort(controller.signal, () => called.push('b'));
    stop();
    controller.abort();
    controller.abort();
    onAbort(controller.signal, () => called.push('late'));
    expect(called).toEqual(['a', 'b']);
  });
});

async function withPolicy(retryPolicy: typeof FAST_RETRIES): Promise<SparkSession> {
  await spark.close();
  const session = sessionOf(server, { retryPolicy, unaryDeadlineMs: 300_000, analyzeDeadlineMs: 300_000 });
  await session.version();
  return session;
}

/** Waits until the failure has come back and the wait for the next attempt has begun. */
async function untilTimers(isMet: (timers: number) => boolean): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  expect(isMet(timers)).toBe(true);
}
