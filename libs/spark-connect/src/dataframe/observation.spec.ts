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

  it('stops waiting when told to', async () => {
    const controller = new AbortController();
    const waiting = new Observation().get({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(new Observation().get({ signal: controller.signal })).rejects.toThrow('enough');
  });
});
