import { status } from '@grpc/grpc-js';
import type { ReattachExecuteRequest, ReleaseExecuteRequest } from '../generated/spark/connect/base_pb';
import { StreamingQueryEventType } from '../generated/spark/connect/commands_pb';
import type { SparkSession } from '../session/spark-session';
import { RecordingListener } from '../testing/recording-listener';
import {
  commandsOf,
  nothingToRemove,
  scriptedEvents,
  ScriptedListenerBus,
} from '../testing/scripted-listener-bus';
import { invalidHandle } from '../testing/scripted-failure';
import { ScriptedServer, type ScriptedStream } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';
import type { StreamingQueryListener } from './streaming-query-listener';

const { QUERY_IDLE_EVENT, QUERY_PROGRESS_EVENT, QUERY_TERMINATED_EVENT } = StreamingQueryEventType;
const { idle, progress, terminated } = scriptedEvents;

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
});

afterEach(async () => {
  jest.restoreAllMocks();
  await spark.close();
  server.close();
});

async function listening(bus = new ScriptedListenerBus(), recorder = new RecordingListener()) {
  server.play(nothingToRemove, bus.open);
  await spark.streams.addListener(recorder);
  return { bus, recorder };
}

/** What the process is warned of (Jest's process does not tell its own listeners). */
function warningsOfTheProcess(): { readonly given: unknown[][]; readonly first: Promise<void> } {
  const given: unknown[][] = [];
  const first = new Promise<void>((resolve) => {
    jest.spyOn(process, 'emitWarning').mockImplementation((...warning: unknown[]) => {
      given.push(warning);
      resolve();
    });
  });
  return { given, first };
}

describe('a listener that throws or rejects', () => {
  it('is told itself, and the others hear on', async () => {
    const { bus, recorder } = await listening();
    const failures: unknown[] = [];
    const bad: StreamingQueryListener = {
      onQueryIdle: () => {
        throw new Error('thrown');
      },
      onQueryTerminated: () => Promise.reject(new Error('rejected')),
      onError: (error, where) => {
        failures.push(where, error);
        throw new Error('even here');
      },
    };
    const warnings = warningsOfTheProcess();
    await spark.streams.addListener(bad);
    bus.send(QUERY_IDLE_EVENT, idle('r'));
    bus.send(QUERY_TERMINATED_EVENT, terminated('r'));
    await recorder.until(() => recorder.heard.length === 2);
    expect(failures).toEqual(['callback', new Error('thrown'), 'callback', new Error('rejected')]);
    expect(warnings.given).toEqual([
      ['streaming query listener (callback): even here', 'SparkConnectListenerWarning'],
      ['streaming query listener (callback): even here', 'SparkConnectListenerWarning'],
    ]);
  });
});

describe('an event that cannot be read', () => {
  it('is told and left out', async () => {
    const { bus, recorder } = await listening();
    bus.send(QUERY_PROGRESS_EVENT, '{"progress":', {}, progress('r', 1));
    await recorder.until(() => recorder.heard.length === 1);
    expect(recorder.heard).toEqual(['progress r 1 3']);
    expect(recorder.failures).toMatchObject([
      { where: 'event', error: { code: 'PROTOCOL' } },
      { where: 'event', error: { code: 'PROTOCOL' } },
    ]);
  });
});

describe('a stream of events that breaks', () => {
  it('is continued where it broke', async () => {
    const { bus, recorder } = await listening();
    bus.send(QUERY_IDLE_EVENT, idle('a'));
    await recorder.until(() => recorder.heard.length === 1);
    server.play(bus.resume);
    bus.fail(status.UNAVAILABLE, 'gone for a moment');
    await server.until(() => server.requests('ReattachExecute').length === 1);
    expect(server.requests<ReattachExecuteRequest>('ReattachExecute')[0]?.lastResponseId).toBe('event-1');
    bus.send(QUERY_IDLE_EVENT, idle('b'));
    await recorder.until(() => recorder.heard.length === 2);
    expect(recorder).toMatchObject({ heard: ['idle a', 'idle b'], failures: [] });
  });

  it('for good is told to every listener, and the next is served again', async () => {
    const { bus, recorder } = await listening();
    bus.fail(status.INTERNAL, 'broken');
    await recorder.until(() => recorder.failures.length === 1);
    expect(recorder.failures).toMatchObject([{ where: 'bus', error: { message: 'broken' } }]);
    expect(spark.streams.listListeners()).toEqual([]);
    const again = await listening();
    again.bus.send(QUERY_IDLE_EVENT, idle('r'));
    await again.recorder.until(() => again.recorder.heard.length === 1);
  });

  it('because another client took it is told, too', async () => {
    const { bus, recorder } = await listening();
    bus.complete();
    await recorder.until(() => recorder.failures.length === 1);
    expect(recorder.failures).toMatchObject([{ where: 'bus', error: { code: 'PROTOCOL' } }]);
  });

  it('because the session is gone is told as that, whether the stream failed or only ended', async () => {
    for (const end of [
      (bus: ScriptedListenerBus) => {
        bus.fail(status.INTERNAL, '[INVALID_HANDLE.SESSION_CLOSED] Session was closed.');
      },
      (bus: ScriptedListenerBus) => {
        server.failuresOf('AnalyzePlan').push(invalidHandle('SESSION_CLOSED'));
        bus.complete();
      },
    ]) {
      const { bus, recorder } = await listening();
      end(bus);
      await recorder.until(() => recorder.failures.length === 1);
      expect(recorder.failures).toMatchObject([{ where: 'bus', error: { code: 'SESSION_CLOSED' } }]);
    }
  });

  it('is a warning of the process where nobody wants to know', async () => {
    const bus = new ScriptedListenerBus();
    server.play(nothingToRemove, bus.open);
    await spark.streams.addListener({});
    const warnings = warningsOfTheProcess();
    bus.fail(status.INTERNAL, 'broken');
    await warnings.first;
    expect(warnings.given).toMatchObject([
      ['streaming query listener (bus): broken', 'SparkConnectListenerWarning'],
    ]);
  });
});

describe('a started query', () => {
  const startAnswer =
    (runId: string, queryStartedEventJson: string | undefined, overtaking: () => void = () => undefined) =>
    (stream: ScriptedStream): void => {
      overtaking();
      const started = { queryId: { id: 'i', runId }, name: 'q' };
      const value = queryStartedEventJson === undefined ? started : { ...started, queryStartedEventJson };
      stream.send('r1', { responseType: { case: 'writeStreamOperationStartResult', value } });
      stream.complete('r2');
    };

  it('is told before start returns, and before its first batch', async () => {
    const { bus, recorder } = await listening();
    const event = JSON.stringify({ id: 'i', runId: 'r', name: 'q', timestamp: 't' });
    server.play(async (stream) => {
      bus.send(QUERY_PROGRESS_EVENT, progress('r', 0));
      bus.send(QUERY_PROGRESS_EVENT, progress('r', 1));
      // Released means read: the reports have overtaken the answer.
      await server.until(() =>
        server
          .requests<ReleaseExecuteRequest>('ReleaseExecute')
          .some(({ release }) => release.case === 'releaseUntil' && release.value.responseId === 'event-2'),
      );
      startAnswer('r', event)(stream);
    });
    await spark.range(1).writeStream.start('/t');
    expect(recorder.heard).toEqual(['started r q', 'progress r 0 3', 'progress r 1 3']);
  });

  it('starts also when its event cannot be read', async () => {
    const { recorder } = await listening();
    server.play(startAnswer('r', '{'));
    await expect(spark.range(1).writeStream.start('/t')).resolves.toMatchObject({ runId: 'r' });
    expect(recorder.failures).toMatchObject([{ where: 'event', error: { code: 'PROTOCOL' } }]);
  });

  it('is not told to anybody when nobody listens', async () => {
    server.play(startAnswer('r', undefined));
    await expect(spark.range(1).writeStream.start('/t')).resolves.toMatchObject({ runId: 'r' });
    expect(commandsOf(server)).toEqual(['writeStreamOperationStart']);
  });
});
