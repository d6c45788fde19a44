import { status } from '@grpc/grpc-js';
import type { ReattachExecuteRequest } from '../generated/spark/connect/base_pb';
import type { ClientSettings } from '../session/client-settings';
import type { SparkSession } from '../session/spark-session';
import { ScriptedServer, type ScriptedStream } from '../testing/scripted-server';
import { arrowOfIds, sendIds, sendPiece, sessionOf } from '../testing/scripted-session';

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

const ids = async () => (await spark.range(5).collect()).map((row) => Number(row['id']));

function play(...sends: ((stream: ScriptedStream) => void)[]): void {
  server.play((stream) => {
    for (const send of sends) send(stream);
    stream.complete('last');
  });
}

const protocolError = (part: RegExp) => ({
  code: 'PROTOCOL',
  message: expect.stringMatching(part) as string,
});

describe('1.8 results', () => {
  test('a response of another operation is refused', async () => {
    play((stream) => {
      stream.send('r1', { operationId: 'another' });
    });
    await expect(ids()).rejects.toMatchObject(protocolError(/operation another/));
    await server.untilReleased();
  });

  test('batches that follow each other are put together', async () => {
    play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0, 1]);
      },
      (stream) => {
        sendIds(stream, 'r2', 2, []);
      },
      (stream) => {
        sendIds(stream, 'r3', 2, [2]);
      },
    );
    await expect(ids()).resolves.toEqual([0, 1, 2]);
  });

  test.each([
    ['a gap', 5],
    ['rows that came already', 0],
  ])('%s between batches is refused', async (_what, startOffset) => {
    play(
      (stream) => {
        sendIds(stream, 'r1', 0, [0]);
      },
      (stream) => {
        sendIds(stream, 'r2', startOffset, [5]);
      },
    );
    await expect(ids()).rejects.toMatchObject(protocolError(/expected a batch from row 1/));
    await server.untilReleased();
  });

  test('a batch that does not hold as many rows as it says is refused', async () => {
    play((stream) => {
      const value = { rowCount: 3n, startOffset: 0n, data: arrowOfIds([1]) };
      stream.send('r1', { responseType: { case: 'arrowBatch', value } });
    });
    await expect(ids()).rejects.toMatchObject(protocolError(/3 rows held 1/));
  });

  test('a result that changes its schema under way is refused', async () => {
    const of = (kind: 'long' | 'string') => ({ schema: { kind: { case: kind, value: {} } } }) as const;
    play(
      (stream) => {
        stream.send('r1', of('long'));
      },
      (stream) => {
        stream.send('r2', of('long'));
      },
      (stream) => {
        stream.send('r3', of('string'));
      },
    );
    await expect(ids()).rejects.toMatchObject(protocolError(/schema/));
  });
});

describe('1.8 chunks of Arrow batches (Spark 4.1)', () => {
  const data = arrowOfIds([0, 1, 2, 3]);
  const whole = { total: 3, startOffset: 0, rowCount: 4 };
  const cuts = [0, 10, 200, data.length];
  const piece = (index: number, change: object = {}) => ({
    ...whole,
    index,
    data: data.subarray(cuts[index], cuts[index + 1]),
    ...change,
  });
  const pieces =
    (...list: ReturnType<typeof piece>[]) =>
    (stream: ScriptedStream) => {
      for (const [at, part] of list.entries()) sendPiece(stream, `p${String(at)}`, part);
    };

  test('are put together, and other messages may come between them', async () => {
    play(
      pieces(piece(0), piece(1)),
      (stream) => {
        stream.send('progress', { responseType: { case: 'executionProgress', value: {} } });
      },
      pieces(piece(2)),
      (stream) => {
        sendIds(stream, 'r9', 4, [4]);
      },
    );
    await expect(ids()).resolves.toEqual([0, 1, 2, 3, 4]);
  });

  test('are put together across a reattach in the middle of a batch', async () => {
    server.play(
      (stream) => {
        pieces(piece(0))(stream);
        stream.end();
      },
      (stream) => {
        sendPiece(stream, 'p1', piece(1));
        stream.fail({ code: status.UNAVAILABLE, message: 'connection lost' });
      },
      (stream) => {
        sendPiece(stream, 'p2', piece(2));
        stream.complete('last');
      },
    );
    await expect(ids()).resolves.toEqual([0, 1, 2, 3]);
    const reattaches = server.requests<ReattachExecuteRequest>('ReattachExecute');
    expect(reattaches.map(({ lastResponseId }) => lastResponseId)).toEqual(['p0', 'p1']);
  });

  test.each<[string, ReturnType<typeof piece>[], RegExp]>([
    ['begins with a later piece', [piece(1)], /expected piece 0 .* got piece 1/],
    ['lacks a piece', [piece(0), piece(2)], /expected piece 1 .* got piece 2/],
    ['brings a piece twice', [piece(0), piece(0)], /expected piece 1 .* got piece 0/],
    ['changes the number of pieces', [piece(0), piece(1, { total: 4 })], /3 pieces became one of 4/],
    ['changes its first row', [piece(0), piece(1, { startOffset: 4 })], /belongs to another batch/],
    ['changes its number of rows', [piece(0), piece(1, { rowCount: 5 })], /belongs to another batch/],
    ['begins at the wrong row', [piece(0, { startOffset: 7 })], /expected a batch from row 0, got row 7/],
    ['is not whole at the end', [piece(0), piece(1)], /ended after 2 of 3 pieces/],
  ])('a batch that %s is refused', async (_what, list, part) => {
    play(pieces(...list));
    await expect(ids()).rejects.toMatchObject(protocolError(part));
    await server.untilReleased();
  });

  test('whose number is given as 0 are no chunks', async () => {
    play(pieces(piece(0, { total: 0, data })));
    await expect(ids()).resolves.toEqual([0, 1, 2, 3]);
  });

  /** Fields the protocol files of 4.0.1 do not know, by number, of the request options. */
  async function chunkingAskedFor(
    version: string,
    settings: Partial<ClientSettings> = {},
  ): Promise<number[][]> {
    server.serverVersion = version;
    const asking = sessionOf(server, settings);
    play();
    await asking.range(1).collect();
    await asking.close();
    const options = server.requests('ExecutePlan').at(-1)?.requestOptions ?? [];
    return options.flatMap(({ $unknown = [] }) => $unknown.map(({ no, data: bytes }) => [no, ...bytes]));
  }

  test.each(['4.1.0', '4.1.1-SNAPSHOT', '4.2.0'])('are asked for where the server is %s', async (version) => {
    await expect(chunkingAskedFor(version)).resolves.toEqual([[2, 2, 0x08, 1]]);
  });

  test('are asked for in the size the client would like', async () => {
    const settings = { preferredArrowChunkBytes: 300 };
    await expect(chunkingAskedFor('4.1.0', settings)).resolves.toEqual([[2, 5, 0x08, 1, 0x10, 0xac, 0x02]]);
  });

  test('are not asked for where the server is 4.0, or the client does not want them', async () => {
    await expect(chunkingAskedFor('4.0.1')).resolves.toEqual([]);
    await expect(chunkingAskedFor('4.1.0', { allowArrowChunks: false })).resolves.toEqual([]);
  });
});
