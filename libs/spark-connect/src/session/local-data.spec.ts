import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { status } from '@grpc/grpc-js';
import type { AddArtifactsRequest } from '../generated/spark/connect/base_pb';
import { LocalRelationSchema } from '../generated/spark/connect/relations_pb';
import { ScriptedServer, type StreamScript } from '../testing/scripted-server';
import { sendIds, sessionOf } from '../testing/scripted-session';
import { LongType, StringType, StructType } from '../types/data-type';
import type { SparkSession } from './spark-session';

let server: ScriptedServer;
let spark: SparkSession;

beforeEach(async () => {
  server = await ScriptedServer.start();
  spark = sessionOf(server, { localRelationCacheThresholdBytes: 100_000 });
});

afterEach(async () => {
  await spark.close();
  server.close();
});

const answer: StreamScript = (stream) => {
  sendIds(stream, 'r1', 0, [1]);
  stream.complete('r2');
};
const largeRows = () =>
  Array.from({ length: 1_000 }, (_, id) => ({ id, text: randomBytes(100).toString('hex') }));
const payloads = () => server.requests<AddArtifactsRequest>('AddArtifacts').map(({ payload }) => payload);

describe('a large local table', () => {
  it('is asked for by its hash, sent in chunks of 32 KiB with their checksums, and then referred to', async () => {
    server.play(answer);
    const sent = spark.createDataFrame(largeRows());
    await sent.collect();
    const methods = server.methods().filter((method) => method !== 'ReleaseExecute');
    expect([...new Set(methods)]).toEqual(['ArtifactStatus', 'AddArtifacts', 'ExecutePlan']);
    const { relType } = sent.relation;
    if (relType.case !== 'cachedLocalRelation') throw new Error('not cached');
    const { hash } = relType.value;
    const content = server.artifacts.content(`cache/${hash}`);
    if (content === undefined) throw new Error('not sent');
    expect(createHash('sha256').update(content).digest('hex')).toBe(hash);
    expect(server.artifacts.summaries()).toEqual([{ name: `cache/${hash}`, isCrcSuccessful: true }]);
    expect(JSON.parse(fromBinary(LocalRelationSchema, content).schema ?? '')).toMatchObject({
      type: 'struct',
    });
    const [begin, ...rest] = payloads();
    expect(begin).toMatchObject({
      case: 'beginChunk',
      value: {
        name: `cache/${hash}`,
        totalBytes: BigInt(content.length),
        numChunks: BigInt(rest.length + 1),
      },
    });
    expect(rest.every((payload) => payload.case === 'chunk' && payload.value.data.length <= 32_768)).toBe(
      true,
    );
  });

  it('is sent once, also for plans made of it and for two actions at once', async () => {
    server.play(answer, answer, answer);
    const sent = spark.createDataFrame(largeRows());
    await Promise.all([sent.filter('id > 1').collect(), sent.collect()]);
    await sent.limit(1).collect();
    expect(server.requests('ArtifactStatus')).toHaveLength(1);
  });

  it('is not sent where the server has it', async () => {
    server.play(answer, answer);
    const rows = largeRows();
    await spark.createDataFrame(rows).collect();
    const messages = payloads().length;
    await spark.createDataFrame(rows).collect();
    expect(server.requests('ArtifactStatus')).toHaveLength(2);
    expect(payloads()).toHaveLength(messages);
  });

  it('is not sent for plans that do not need it', async () => {
    server.play(answer);
    spark.createDataFrame(largeRows());
    await spark.range(1).collect();
    expect(server.methods()).not.toContain('AddArtifacts');
  });

  it('is sent for an analysis, too', async () => {
    await expect(spark.createDataFrame(largeRows()).isLocal()).rejects.toMatchObject({ code: 'PROTOCOL' });
    expect(server.methods()).toContain('AddArtifacts');
  });

  it('is sent again after the connection broke', async () => {
    server.play(answer);
    server.artifacts.failures.push({ code: status.UNAVAILABLE, message: 'restarting' });
    const sent = spark.createDataFrame(largeRows());
    await sent.collect();
    expect(server.artifacts.summaries()).toMatchObject([{ isCrcSuccessful: true }]);
    expect(payloads().filter((payload) => payload.case === 'beginChunk')).toHaveLength(2);
  });

  it('that arrives damaged fails the action, and is sent anew by the next', async () => {
    server.play(answer);
    server.artifacts.damages = true;
    const sent = spark.createDataFrame(largeRows());
    await expect(sent.collect()).rejects.toMatchObject({
      code: 'PROTOCOL',
      message: expect.stringContaining('damaged') as string,
    });
    server.artifacts.damages = false;
    server.artifacts.forget();
    await expect(sent.collect()).resolves.toEqual([{ id: 1n }]);
  });

  it('stops travelling when the action is aborted', async () => {
    const abort = new AbortController();
    const sent = spark.createDataFrame(largeRows());
    const outcome = expect(sent.collect({ signal: abort.signal })).rejects.toMatchObject({
      code: 'OPERATION_CANCELED',
    });
    await server.until(() => server.methods().includes('ArtifactStatus'));
    abort.abort();
    await outcome;
    expect(server.methods()).not.toContain('ExecutePlan');
  });

  it('travels inside the plan while it is small', async () => {
    server.play(answer);
    await spark.createDataFrame([{ id: 1 }]).collect();
    expect(server.methods()).not.toContain('ArtifactStatus');
  });
});

describe('rows that cannot be sent', () => {
  const schema = new StructType().add('id', LongType, false).add('name', StringType);

  it.each([
    [[{ id: 1 }, { id: 'x' }], 'row 1, column id: the string x cannot be sent as bigint'],
    [
      [
        { id: 1, name: 'a' },
        { id: 2, name: 5 },
      ],
      'row 1, column name: the number 5 cannot be sent as string',
    ],
    [[{ id: 1 }, { name: 'a' }], 'row 1, column id: NULL cannot be sent as a column that is NOT NULL'],
    [[[1, 'a'], [2]], 'row 1: 1 values for 2 columns'],
    [[[1, new Map()]], 'row 0, column name: a value of type Map cannot be sent as string'],
  ])('say row and column: %j', (rows, message) => {
    const create = () => spark.createDataFrame(rows as never, schema);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
  });

  it.each([
    [[{ a: 1, b: null }], 'column b has no value to infer its type from: give a schema'],
    [[{ a: [] }], 'column a[] has no value to infer its type from: give a schema'],
    [[{ a: { x: null } }], 'column a.x has no value to infer its type from: give a schema'],
    [[{ a: 1 }, { a: 'x' }], 'row 1, column a: text does not fit integer of earlier rows'],
    [[{ a: 1n }, { a: 0.5 }], 'row 1, column a: fraction does not fit bigint of earlier rows'],
    [[{ a: 1 }, [1]], 'row 1: rows must be all plain objects or all lists'],
    [[[1], [1, 2]], 'row 1 has another number of values than row 0 (1)'],
    [[], 'no schema can be inferred from no rows: give one'],
  ])('have no type to infer: %j', (rows, message) => {
    expect(() => spark.createDataFrame(rows as never)).toThrow(new TypeError(message));
  });

  it('have no such key', () => {
    const create = () => spark.createDataFrame([{ a: 1, b: 2 }], ['x', 'y']);
    expect(create).toThrow(new TypeError('no row has a key x: their keys are a, b'));
  });

  it('are named by their place among all, however many there are', () => {
    const rows = Array.from({ length: 25_001 }, (_, id) => ({ id: id === 25_000 ? 'x' : id }));
    expect(() => spark.createDataFrame(rows as never, schema)).toThrow('row 25000, column id');
  });

  it('may still be none, where a schema is given', () => {
    expect(spark.createDataFrame([], schema).relation.relType.case).toBe('localRelation');
  });
});

describe('an artifact', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spark-connect-js-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const file = async (name: string, content: Uint8Array | string) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  it('is named by what it is, and small ones are one message each', async () => {
    await spark.addArtifacts([
      await file('a.jar', 'jar'),
      await file('b.csv', 'x,y'),
      await file('empty', ''),
    ]);
    expect(server.artifacts.content('jars/a.jar')?.toString()).toBe('jar');
    expect(server.artifacts.content('files/b.csv')?.toString()).toBe('x,y');
    expect(server.artifacts.content('files/empty')?.toString()).toBe('');
    expect(payloads().map((payload) => payload.case)).toEqual(['batch', 'batch', 'batch']);
  });

  it('of many chunks arrives as it is', async () => {
    const content = randomBytes(200_001);
    await spark.addArtifacts(await file('large.bin', content));
    expect(server.artifacts.content('files/large.bin')?.equals(content)).toBe(true);
    expect(server.artifacts.summaries()).toEqual([{ name: 'files/large.bin', isCrcSuccessful: true }]);
  });

  it.each(['udf.py', 'package.egg', 'Main.class'])(
    'that only another client could use is refused: %s',
    async (name) => {
      await expect(spark.addArtifacts(await file(name, 'x'))).rejects.toThrow(TypeError);
      expect(server.calls).toEqual([]);
    },
  );

  it('that is not there, or no file, is refused before anything is sent', async () => {
    await expect(spark.addArtifacts(join(folder, 'no-such.jar'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(spark.addArtifacts(folder)).rejects.toThrow(TypeError);
    expect(server.calls).toEqual([]);
  });

  it('that the server refuses fails as the server says', async () => {
    const refusal = { code: status.INVALID_ARGUMENT, message: 'Duplicate Artifact: jars/a.jar' };
    server.artifacts.failures.push(refusal);
    await expect(spark.addArtifacts(await file('a.jar', randomBytes(500_000)))).rejects.toMatchObject({
      message: expect.stringContaining('Duplicate Artifact') as string,
    });
  });
});
