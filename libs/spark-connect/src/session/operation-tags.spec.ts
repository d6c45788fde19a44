import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { sessionOf } from '../testing/scripted-session';
import type { SparkSession } from './spark-session';

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

const done: StreamScript = (stream) => {
  stream.complete('r1');
};
const lastTags = () => server.requests('ExecutePlan').at(-1)?.tags;

it('tags of the session go with every execution of all its views, before those of the action', async () => {
  server.play(done, done, done);
  spark.addTag('a');
  spark.addTag('b');
  expect(spark.getTags()).toEqual(['a', 'b']);
  await spark.range(1).collect({ tags: ['c', 'a'] });
  expect(lastTags()).toEqual(['a', 'b', 'c']);
  spark.removeTag('a');
  await spark.withSchedulerPool('p').range(1).write.save();
  expect(lastTags()).toEqual(['b']);
  spark.clearTags();
  await spark.range(1).collect();
  expect(lastTags()).toEqual([]);
});

it('an action has the tags of the moment it was called', async () => {
  server.play(done);
  spark.addTag('early');
  const action = spark.range(1).collect();
  spark.clearTags();
  spark.addTag('late');
  await action;
  expect(lastTags()).toEqual(['early']);
});

it('no tag of the session ever goes with a streaming command', async () => {
  spark.addTag('batch');
  server.play((stream) => {
    const value = { queryId: { id: 'i', runId: 'r' }, name: 'q' };
    stream.send('r1', { responseType: { case: 'writeStreamOperationStartResult', value } });
    stream.complete('r2');
  });
  const query = await spark.range(1).writeStream.start('/t');
  expect(lastTags()).toEqual([]);
  for (const ask of [() => query.stop(), () => query.processAllAvailable(), () => query.status()]) {
    server.play(done);
    await ask().catch(() => undefined);
    expect(lastTags()).toEqual([]);
  }
  server.play(done);
  await spark.streams.active().catch(() => undefined);
  expect(lastTags()).toEqual([]);
  expect(server.requests('ExecutePlan')).toHaveLength(5);
});

it.each(['', 'a,b'])('a tag the server would refuse is refused: %j', (tag) => {
  expect(() => {
    spark.addTag(tag);
  }).toThrow(TypeError);
  expect(spark.getTags()).toEqual([]);
});

it('a new session has no tags', () => {
  spark.addTag('a');
  expect(spark.newSession().getTags()).toEqual([]);
});
