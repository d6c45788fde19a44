import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { col } from '../functions/core';
import type { SparkSession } from '../session/spark-session';
import { liveAddress, liveSession, sharedFolder } from '../testing/live-session';
import { RpcRelay } from '../testing/rpc-relay';

jest.setTimeout(120_000);

let relay: RpcRelay;
let spark: SparkSession;
let folder: Awaited<ReturnType<typeof sharedFolder>>;

beforeAll(async () => {
  folder = await sharedFolder();
  const { host, port } = liveAddress();
  relay = await RpcRelay.to(host, port);
  spark = liveSession(randomUUID(), relay.port).build();
});

afterAll(async () => {
  await spark.release();
  await spark.close();
  relay.close();
  await folder.remove();
});

/** The live suite runs once more on a server that ends each response stream after this many bytes, which is less than one response. */
async function serverEndsEveryStream(): Promise<boolean> {
  return (await spark.conf.get('spark.connect.execute.reattachable.senderMaxStreamSize')) === '123';
}

/** The ReattachExecute and ExecutePlan calls that some work takes. */
async function callsOf(work: () => Promise<unknown>): Promise<{ reattached: number; executed: number }> {
  const before = { reattached: relay.calls('ReattachExecute'), executed: relay.calls('ExecutePlan') };
  await work();
  return {
    reattached: relay.calls('ReattachExecute') - before.reattached,
    executed: relay.calls('ExecutePlan') - before.executed,
  };
}

describe('a response stream that the server ends by itself', () => {
  it('is continued once for each response, and not at all where the server lets it run', async () => {
    const ids: number[] = [];
    let batches = 0;
    const calls = await callsOf(async () => {
      for await (const batch of spark.range(0, 3_000, 1, 3).toArrowBatches())
        batches += Number(batch.length > 0);
      ids.push(...(await spark.range(0, 3_000, 1, 3).collect()).map(({ id }) => Number(id)));
    });
    expect(ids).toEqual(Array.from({ length: 3_000 }, (_, id) => id));
    expect(batches).toBeGreaterThanOrEqual(3);
    expect(calls.executed).toBe(2);
    if (await serverEndsEveryStream()) expect(calls.reattached).toBeGreaterThanOrEqual(2 * batches);
    else expect(calls.reattached).toBe(0);
  });

  it('does not run a write again', async () => {
    const path = join(folder.path, 'written');
    const calls = await callsOf(() => spark.range(1_000).write.format('delta').save(path));
    const stored = spark.read.format('delta').load(path);
    await expect(stored.count()).resolves.toBe(1_000);
    await expect((await spark.sql(`DESCRIBE HISTORY delta.\`${path}\``)).count()).resolves.toBe(1);
    expect(calls.executed).toBe(1);
  });

  it('carries a SQL command, its result and its error', async () => {
    const command = await spark.sql('SELECT id, id * id AS square FROM range(:n)', { n: 500 });
    const squares = await command.orderBy(col('id')).collect();
    expect(squares.map(({ square }) => square)).toEqual(
      Array.from({ length: 500 }, (_, id) => BigInt(id * id)),
    );
    await expect(spark.sql('SELECT * FROM no_such_table_of_ours')).rejects.toMatchObject({
      code: 'ANALYSIS',
      errorClass: 'TABLE_OR_VIEW_NOT_FOUND',
    });
  });
});
