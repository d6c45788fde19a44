import { setImmediate as nextTurn } from 'node:timers/promises';
import { CuttableProxy } from '../testing/cuttable-proxy';
import { ScriptedServer } from '../testing/scripted-server';
import { arrowOfIds, sessionOf } from '../testing/scripted-session';

const BATCHES = 30;
const ROWS_PER_BATCH = 50_000;
const BYTES_PER_BATCH = ROWS_PER_BATCH * 8;
/** One that waits for its reader, one that waits for that place, and one that is arriving. */
const BATCHES_AHEAD = 3;
const SILENT_TURNS = 200;

/** Until nothing has come through for many turns of the event loop, in which all parties live. */
async function silence(proxy: CuttableProxy): Promise<void> {
  let [bytes, turns] = [0, 0];
  while (turns < SILENT_TURNS) {
    await nextTurn();
    turns = proxy.bytes('toClient') === bytes ? turns + 1 : 0;
    bytes = proxy.bytes('toClient');
  }
}

describe('a result that is read slowly', () => {
  let server: ScriptedServer;
  let proxy: CuttableProxy;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    proxy = await CuttableProxy.to('127.0.0.1', server.port);
  });

  afterEach(() => {
    proxy.close();
    server.close();
  });

  it('waits on the server, but for a few batches, however many the server has ready', async () => {
    const data = arrowOfIds(Array.from({ length: ROWS_PER_BATCH }, (_, at) => at));
    server.play((stream) => {
      for (let at = 0; at < BATCHES; at += 1) {
        const value = { rowCount: BigInt(ROWS_PER_BATCH), startOffset: BigInt(at * ROWS_PER_BATCH), data };
        stream.send(`r${String(at)}`, { responseType: { case: 'arrowBatch', value } });
      }
      stream.complete('end');
    });
    const session = sessionOf(proxy);
    for await (const batch of session.range(1).toArrowBatches()) {
      expect(batch.length).toBeGreaterThan(BYTES_PER_BATCH);
      await silence(proxy);
      break;
    }
    expect(proxy.bytes('toClient') / BYTES_PER_BATCH).toBeLessThan(1 + BATCHES_AHEAD + 1);
    await session.close();
  });
});
