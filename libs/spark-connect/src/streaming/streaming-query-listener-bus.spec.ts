import { status } from '@grpc/grpc-js';
import type { ReleaseExecuteRequest } from '../generated/spark/connect/base_pb';
import { StreamingQueryEventType } from '../generated/spark/connect/commands_pb';
import type { SparkSession } from '../session/spark-session';
import { RecordingListener } from '../testing/recording-listener';
import {
  commandsOf,
  nothingToRemove,
  scriptedEvents,
  ScriptedListenerBus,
} from '../testing/scripted-listener-bus';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';

const { QUERY_IDLE_EVENT, QUERY_PROGRESS_EVENT, QUERY_TERMINATED_EVENT } = StreamingQueryEventType;
const { idle, progress, terminated } = scriptedEvents;
const ADD = 'addListenerBusListener';
const REMOVE = 'removeListenerBusListener';

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

describe('the first listener', () => {
  it('has an old stream of the session removed before its own is opened, which is reattachable and untagged', async () => {
    spark.addTag('nightly');
    await listening();
    expect(commandsOf(server)).toEqual([REMOVE, ADD]);
    const sent = server.requests('ExecutePlan');
    expect(sent.map(({ tags }) => tags)).toEqual([[], []]);
    expect(sent[1]?.requestOptions[0]?.requestOption.value).toMatchObject({ reattachable: true });
  });

  it('hears of every kind of event', async () => {
    const { bus, recorder } = await listening();
    bus.send(QUERY_PROGRESS_EVENT, progress('r', 0), progress('r', 1));
    bus.send(QUERY_IDLE_EVENT, idle('r'));
    bus.send(StreamingQueryEventType.QUERY_PROGRESS_UNSPECIFIED, { of: 'a newer server' });
    bus.send(QUERY_TERMINATED_EVENT, terminated('r'));
    await recorder.until(() => recorder.heard.length === 4);
    expect(recorder.heard).toEqual(['progress r 0 3', 'progress r 1 3', 'idle r', 'terminated r NO']);
    expect(recorder.failures).toEqual([]);
  });

  it('lets the server free its buffer as events come', async () => {
    const { bus, recorder } = await listening();
    bus.send(QUERY_IDLE_EVENT, idle('r'));
    await recorder.until(() => recorder.heard.length === 1);
    await server.until(() =>
      server
        .requests<ReleaseExecuteRequest>('ReleaseExecute')
        .some(({ release }) => release.case === 'releaseUntil' && release.value.responseId === 'event-1'),
    );
  });

  it('is refused when the server does not confirm in time, and can be added again', async () => {
    const recorder = new RecordingListener();
    server.play(nothingToRemove, (stream) => stream.canceled());
    await expect(spark.streams.addListener(recorder, { deadlineMs: 100 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(spark.streams.listListeners()).toEqual([]);
    await listening(new ScriptedListenerBus(), recorder);
    expect(spark.streams.listListeners()).toEqual([recorder]);
  });

  it('is refused with the reason of the server', async () => {
    server.play(nothingToRemove, (stream) => {
      stream.fail({ code: status.INTERNAL, message: 'no bus today' });
    });
    await expect(spark.streams.addListener(new RecordingListener())).rejects.toThrow('no bus today');
    expect(spark.streams.listListeners()).toEqual([]);
  });

  it('can be given up while the server keeps silent', async () => {
    server.play(nothingToRemove, (stream) => stream.canceled());
    const abort = new AbortController();
    const adding = spark.streams.addListener(new RecordingListener(), { signal: abort.signal });
    await server.until(() => commandsOf(server).includes(ADD));
    abort.abort();
    await expect(adding).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
  });
});

describe('listeners of one session', () => {
  it('share one stream, also those of its views, and each hears everything once', async () => {
    const { bus, recorder } = await listening();
    const second = new RecordingListener();
    await spark.withHeaders({ 'x-a': 'b' }).streams.addListener(second);
    await spark.streams.addListener(second);
    expect(commandsOf(server)).toEqual([REMOVE, ADD]);
    expect(spark.streams.listListeners()).toEqual([recorder, second]);
    bus.send(QUERY_IDLE_EVENT, idle('r'));
    await second.until(() => second.heard.length === 1);
    expect([recorder.heard, second.heard]).toEqual([['idle r'], ['idle r']]);
  });

  it('end the stream with the last of them, and open another for the next', async () => {
    const { bus, recorder } = await listening();
    const second = new RecordingListener();
    await spark.streams.addListener(second);
    await spark.streams.removeListener(recorder);
    expect(commandsOf(server)).toEqual([REMOVE, ADD]);
    bus.send(QUERY_IDLE_EVENT, idle('r'));
    await second.until(() => second.heard.length === 1);
    expect(recorder.heard).toEqual([]);

    server.play(bus.remove);
    await spark.streams.removeListener(second);
    expect(commandsOf(server)).toEqual([REMOVE, ADD, REMOVE]);
    expect(second.failures).toEqual([]);
    await listening();
    expect(commandsOf(server)).toEqual([REMOVE, ADD, REMOVE, REMOVE, ADD]);
  });

  it('are changed one after the other, however fast the calls come', async () => {
    const bus = new ScriptedListenerBus();
    const recorder = new RecordingListener();
    server.play(nothingToRemove, bus.open, bus.remove, nothingToRemove, new ScriptedListenerBus().open);
    await Promise.all([
      spark.streams.addListener(recorder),
      spark.streams.removeListener(recorder),
      spark.streams.addListener(recorder),
    ]);
    expect(commandsOf(server)).toEqual([REMOVE, ADD, REMOVE, REMOVE, ADD]);
    expect(spark.streams.listListeners()).toEqual([recorder]);
  });
});

describe('closing a session', () => {
  it('ends the stream on the server, silently', async () => {
    const { bus, recorder } = await listening();
    server.play(bus.remove);
    await spark.close();
    expect(commandsOf(server)).toEqual([REMOVE, ADD, REMOVE]);
    expect(recorder.failures).toEqual([]);
    expect(spark.streams.listListeners()).toEqual([]);
  });

  it('does not wait for a listener that is still being added', async () => {
    server.play(nothingToRemove, (stream) => stream.canceled());
    const adding = spark.streams.addListener(new RecordingListener());
    const refused = expect(adding).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    await server.until(() => commandsOf(server).includes(ADD));
    await spark.close();
    await refused;
  });

  it('by releasing it ends the stream first, so that nobody takes the end for a failure', async () => {
    const { bus, recorder } = await listening();
    server.play(bus.remove);
    await spark.release();
    expect(commandsOf(server)).toEqual([REMOVE, ADD, REMOVE]);
    expect(server.methods().at(-1)).toBe('ReleaseSession');
    expect(recorder.failures).toEqual([]);
  });
});
