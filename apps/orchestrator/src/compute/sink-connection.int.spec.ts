import { freshDatabase, silentServer } from '@millrace/registry/testing';
import type { FreshDatabase } from '@millrace/registry/testing';
import { until } from '../until.fixture';
import type { StoredAnalysis } from './compute-batch';
import { PostgresSink } from './postgres-sink';
import { aRow, channels, countOf, neverAborted, settingsOf } from './postgres-sink.fixture';
import { SinkUnavailable } from './sink-unavailable';

/** So short that a spec can wait for it. */
const IMPATIENT = { connectMs: 300, statementMs: 300, answerMs: 600, commitMs: 600 };
const schema = 'batch_results';
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.drop());

const aSink = () => new PostgresSink(settingsOf(database.url));

/** Gives its rows, then waits for the signal as a reader of Spark does. */
const endless = (signal: AbortSignal, onRows: () => void): StoredAnalysis => ({
  analysis: 'channel_performance',
  rows: async function* () {
    for (let index = 0; index < 2_000; index += 1) yield aRow('channel_performance');
    onRows();
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    signal.throwIfAborted();
  },
});

describe('a database that does not take the rows', () => {
  it.each(['127.0.0.1', 'localhost'])('is named with the reason when nothing listens at %s', async (host) => {
    const sink = new PostgresSink({ ...settingsOf(database.url), host, port: 1 });
    const failure = sink.store('b1', [channels(1)], neverAborted);
    await expect(failure).rejects.toBeInstanceOf(SinkUnavailable);
    await expect(failure).rejects.toThrow(`does not answer at ${host}:1 (ECONNREFUSED`);
  });

  it('is no failure that passes when it answers with a refusal, and the password is not told', async () => {
    const sink = new PostgresSink({ ...settingsOf(database.url), database: 'nowhere', password: 'hunter2' });
    const failure: unknown = await sink
      .store('b1', [channels(1)], neverAborted)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(SinkUnavailable);
    expect((failure as Error).message).toMatch(/refuses the analyses \((3D000|28P01): .*retry the batch$/);
    expect(JSON.stringify([failure, (failure as Error).message, (failure as Error).cause])).not.toContain(
      'hunter2',
    );
  });

  it('may be well later when it ends the connection or somebody locks the table', async () => {
    await aSink().store('b1', [channels(1)], neverAborted);
    const killing: StoredAnalysis = {
      analysis: 'channel_performance',
      rows: async function* () {
        await database.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'millrace-orchestrator'",
        );
        yield aRow('channel_performance');
      },
    };
    await expect(aSink().store('b1', [killing], neverAborted)).rejects.toBeInstanceOf(SinkUnavailable);
    // What the server says is to come first, not that it took too long.
    const patient = { ...IMPATIENT, connectMs: 10_000, answerMs: 10_000 };
    const sink = new PostgresSink(settingsOf(database.url), patient);
    const locking: StoredAnalysis = {
      analysis: 'channel_performance',
      // Two attempts at once, the second of which does not get its turn.
      rows: async function* () {
        await expect(sink.store('b1', [channels(1)], neverAborted)).rejects.toThrow(/55P03|57014/);
        yield await Promise.resolve(aRow('channel_performance'));
      },
    };
    await aSink().store('b1', [locking], neverAborted);
    await expect(countOf(database, 'channel_performance', 'b1')).resolves.toBe(1);
  });

  it('is not waited for when it is frozen: without a word from outside, or with the signal at once', async () => {
    const frozen = await silentServer(database.url);
    try {
      frozen.fallSilent();
      const impatient = new PostgresSink(settingsOf(frozen.url), IMPATIENT);
      await expect(impatient.store('b1', [channels(1)], neverAborted)).rejects.toBeInstanceOf(
        SinkUnavailable,
      );
      const abort = new AbortController();
      const waiting = new PostgresSink(settingsOf(frozen.url)).store('b1', [channels(1)], abort.signal);
      const enough = new Error('enough');
      setImmediate(() => {
        abort.abort(enough);
      });
      const start = performance.now();
      await expect(waiting).rejects.toBe(enough);
      expect(performance.now() - start).toBeLessThan(2_000);
    } finally {
      await frozen.close();
    }
  });

  it('is left at once with the signal when it freezes between two chunks, and keeps nothing', async () => {
    await aSink().store('b1', [channels(3)], neverAborted);
    const frozen = await silentServer(database.url);
    const abort = new AbortController();
    const enough = new Error('enough');
    try {
      const rows = endless(abort.signal, () => {
        frozen.fallSilent();
        setTimeout(() => {
          abort.abort(enough);
        }, 50);
      });
      await expect(new PostgresSink(settingsOf(frozen.url)).store('b1', [rows], abort.signal)).rejects.toBe(
        enough,
      );
    } finally {
      await frozen.close();
    }
    await expect(countOf(database, 'channel_performance', 'b1')).resolves.toBe(3);
  });

  it('keeps the rows whose commit was sent before the signal, and says so', async () => {
    await aSink().store('b1', [channels(1)], neverAborted);
    await database.query(
      `CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$`,
    );
    await database.query(
      `CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON ${schema}.channel_performance
       DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`,
    );
    const abort = new AbortController();
    const storing = aSink().store('b2', [channels(1)], abort.signal);
    await until(
      async () =>
        (
          await database.query(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query = 'COMMIT' AND state = 'active'",
          )
        ).length > 0,
    );
    abort.abort(new Error('enough'));
    await expect(storing).resolves.toBeUndefined();
    await expect(countOf(database, 'channel_performance', 'b2')).resolves.toBe(1);
  });

  it('is not asked at all once the signal is aborted', async () => {
    const enough = new Error('enough');
    await expect(aSink().store('b1', [channels(1)], AbortSignal.abort(enough))).rejects.toBe(enough);
  });
});
