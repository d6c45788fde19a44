import { UNAVAILABLE } from '../testing/scripted-failure';
import { ScriptedServer } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';
import type { ClientSettings } from './client-settings';
import type { SparkSession } from './spark-session';

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
});

afterEach(async () => {
  await spark.close();
  server.close();
});

/** A DataFrame whose rows are sent on their own. */
function cached(settings: Partial<ClientSettings> = {}) {
  spark = sessionOf(server, { localRelationCacheThresholdBytes: 0, ...settings });
  return spark.createDataFrame([{ id: 1 }]);
}

describe('while a local table is sent for another action', () => {
  const controller = new AbortController();
  let frame: ReturnType<typeof cached>;
  let first: Promise<unknown>;

  beforeEach(async () => {
    server.silent.add('ArtifactStatus');
    frame = cached();
    const own = new AbortController();
    first = frame.collect({ signal: own.signal }).catch(() => {
      own.abort();
    });
    await server.until(() => server.methods().includes('ArtifactStatus'));
  });

  it('a deadline ends the wait', async () => {
    const startedAt = performance.now();
    await expect(frame.isLocal({ deadlineMs: 100 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: expect.stringContaining('still on their way') as string,
    });
    await expect(frame.collect({ deadlineMs: 100 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(server.methods()).toEqual(['ArtifactStatus']);
    await spark.close();
    await first;
  });

  it('an abort ends the wait', async () => {
    const { signal } = controller;
    const calls = [frame.isLocal({ signal }), frame.collect({ signal })];
    const ended = calls.map((call) => expect(call).rejects.toMatchObject({ code: 'OPERATION_CANCELED' }));
    controller.abort();
    await Promise.all(ended);
    expect(server.methods()).toEqual(['ArtifactStatus']);
    await spark.close();
    await first;
  });
});

describe('the deadline of an analysis', () => {
  it('of the caller is one for the upload, too', async () => {
    server.silent.add('ArtifactStatus');
    const startedAt = performance.now();
    await expect(cached().isLocal({ deadlineMs: 100 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('by default begins after the upload', async () => {
    const frame = cached({ analyzeDeadlineMs: 400 });
    await spark.version();
    server.failuresOf('ArtifactStatus').push({ ...UNAVAILABLE, retryDelayMs: 500 });
    // The scripted server answers every analysis with its version: it has been asked, in time.
    await expect(frame.isLocal()).rejects.toMatchObject({ code: 'PROTOCOL' });
    expect(server.methods().at(-1)).toBe('AnalyzePlan');
  });
});
