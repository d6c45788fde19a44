import { getEventListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { count } from '../functions/functions';
import type { SparkSession } from '../session/spark-session';
import { literalOf } from '../plan/literal';
import { ScriptedServer } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';
import { Observation } from './observation';

let server: ScriptedServer;
let spark: SparkSession;

beforeAll(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server);
});

afterAll(async () => {
  await spark.close();
  server.close();
});

/** References that were looked at are kept until the end of a turn. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn += 1) {
    await nextTurn();
    gc();
  }
}

/** Plays an action with these numbers of rows observed, by plan id. */
function playObserved(counts: ReadonlyMap<bigint | undefined, bigint>): void {
  server.play((stream) => {
    sendIds(stream, 'r1', 0, [0]);
    const observedMetrics = [...counts].map(([planId = 0n, n]) => ({
      name: 'rows',
      planId,
      keys: ['n'],
      values: [literalOf(n)],
    }));
    stream.send('r2', { observedMetrics });
    stream.complete('r3');
  });
}

describe('an observation', () => {
  it('gets the metrics of its own plan, also where another one has the same name', async () => {
    const [first, second] = [new Observation('rows'), new Observation('rows')];
    const inner = spark.range(3).observe(first, count('*').as('n'));
    const outer = inner.limit(1).observe(second, count('*').as('n'));
    playObserved(
      new Map([
        [inner.relation.common?.planId, 3n],
        [outer.relation.common?.planId, 1n],
      ]),
    );
    await outer.collect();
    await expect(first.get()).resolves.toEqual({ n: 3n });
    await expect(second.get()).resolves.toEqual({ n: 1n });
  });

  it('may compare with a subquery, whose plan then travels along', async () => {
    const observation = new Observation('rows');
    const limit = spark.range(3).agg(count('*')).scalar();
    const frame = spark.range(3).observe(observation, count('*').gt(limit).as('n'));
    const { relType } = frame.relation;
    if (relType.case !== 'withRelations')
      throw new Error(`no plans beside the metrics, but ${String(relType.case)}`);
    expect(relType.value.references).toHaveLength(1);
    playObserved(new Map([[relType.value.root?.common?.planId, 3n]]));
    await frame.collect();
    await expect(observation.get()).resolves.toEqual({ n: 3n });
  });

  it('keeps the metrics of the first action', async () => {
    const observation = new Observation();
    const frame = spark.range(3).observe(observation, count('*').as('n'));
    for (const n of [3n, 4n]) {
      playObserved(new Map([[frame.relation.common?.planId, n]]));
      await frame.collect();
    }
    await expect(observation.get()).resolves.toEqual({ n: 3n });
  });

  it('is for one DataFrame', () => {
    const observation = new Observation();
    spark.range(3).observe(observation, count('*').as('n'));
    expect(() => spark.range(3).observe(observation, count('*').as('n'))).toThrow(TypeError);
  });

  it('has a name, its own where none is given', () => {
    expect(() => new Observation('')).toThrow(TypeError);
    expect(new Observation().name).not.toBe(new Observation().name);
    const { relType } = spark.range(3).observe(new Observation('mine'), count('*')).relation;
    expect(relType).toMatchObject({ case: 'collectMetrics', value: { name: 'mine' } });
  });

  it('listens to a signal once, however many wait with it, and not after its metrics', async () => {
    const { signal } = new AbortController();
    const observation = new Observation();
    const frame = spark.range(3).observe(observation, count('*').as('n'));
    const metrics = Array.from({ length: 20 }, () => observation.get({ signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    playObserved(new Map([[frame.relation.common?.planId, 3n]]));
    await frame.collect();
    await Promise.all(metrics);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is forgotten with the plans that could bring its metrics', async () => {
    const observe = () => {
      const observation = new Observation();
      spark.range(3).observe(observation, count('*').as('n'));
      return new WeakRef(observation);
    };
    const unused = Array.from({ length: 10 }, observe);
    await collectGarbage();
    expect(unused.map((observation) => observation.deref())).toEqual(unused.map(() => undefined));
  });

  it('is kept while such a plan is, for a caller who holds no more than the promise', async () => {
    const observe = () => {
      const observation = new Observation();
      const observed = spark.range(3).observe(observation, count('*').as('n'));
      return {
        derived: observed.limit(1),
        planId: observed.relation.common?.planId,
        metrics: observation.get(),
      };
    };
    const { derived, planId, metrics } = observe();
    await collectGarbage();
    playObserved(new Map([[planId, 3n]]));
    await derived.collect();
    await expect(metrics).resolves.toEqual({ n: 3n });
  });

  it('keeps the process until the signal fires', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const controller = new AbortController();
    const waiting = new Observation().get({ signal: controller.signal });
    expect(timers()).toBe(before + 1);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'OPERATION_CANCELED' });
    expect(timers()).toBe(before);
  });

  it('stops waiting when told to', async () => {
    const controller = new AbortController();
    const waiting = new Observation().get({ signal: controller.signal });
    const reason = new Error('enough');
    const canceled = { code: 'OPERATION_CANCELED', cause: reason };
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject(canceled);
    await expect(new Observation().get({ signal: controller.signal })).rejects.toMatchObject(canceled);
  });
});
