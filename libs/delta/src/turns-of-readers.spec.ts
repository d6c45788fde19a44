import type { DeltaTables } from './delta-tables';
import { metadataAction, protocolAction } from './fixtures';
import type { DeltaTableFixture } from './fixtures';
import { byTime, timed, timedFiles } from './fixtures/timed-rows';
import type { TimedRow } from './fixtures/timed-rows';
import { useDeltaTable } from './fixtures/use-delta-table';
import type { UsedDeltaTable } from './fixtures/use-delta-table';

let tables: DeltaTables;
let table: DeltaTableFixture;
let used: UsedDeltaTable;

useDeltaTable('turns of readers', (it) => ({ tables, table } = used = it));

describe('pages for somebody who is gone', () => {
  const page = { order: byTime('asc'), limit: 10, offset: 6_000 };

  it('are not begun, and the pages behind them come', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const gone = new AbortController();
    const given = Array.from({ length: 40 }, () =>
      tables.readPage(snapshot, { ...page, signal: gone.signal }),
    );
    const wanted = tables.readPage(snapshot, page);
    const outcomes = Promise.allSettled(given);
    await Promise.race(given);
    gone.abort();
    expect((await wanted).rows).toBe(10);
    const begun = (await outcomes).filter(({ status }) => status === 'fulfilled');
    expect(begun.length).toBeGreaterThan(0);
    expect(begun.length).toBeLessThan(20);
  });

  it('leave the snapshot to the others', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const asked = tables.readPage(snapshot, { ...page, signal: AbortSignal.abort() });
    await expect(asked).rejects.toThrow(/abort/i);
    expect(await tables.openSnapshot(table.path)).toBe(snapshot);
  });
});

describe('all rows in another order', () => {
  const request = { order: [{ column: 'id', direction: 'desc' as const }], limit: 12_000, offset: 0 };

  it('come sorted, and again after somebody took only some of them', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const some = tables.streamText(snapshot, request, 'ndjson');
    expect((await some.next()).value?.rows).toBe(2_048);
    await some.return();
    const ids: string[] = [];
    for await (const { bytes } of tables.streamText(snapshot, request, 'ndjson')) {
      ids.push(...linesOf(bytes).map((row) => (JSON.parse(row) as TimedRow).id));
    }
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(new Set(ids).size).toBe(12_000);
  });

  it('keep the sign of zeros that they are sorted by', async () => {
    const zeros = `n AS id, (CASE n % 2 WHEN 0 THEN '0' ELSE '-0' END)::DOUBLE AS zero, n::DOUBLE / 7 AS other`;
    const number = `CASE WHEN id < 20 THEN zero ELSE other END AS number`;
    const sql = `* FROM (SELECT id, ${number} FROM (SELECT ${zeros} FROM range(12000) AS rows(n)))`;
    const schema = { id: 'long', number: 'double' };
    await table.commit(0, [
      protocolAction(),
      metadataAction(schema),
      await table.data('a.parquet', `SELECT ${sql}`),
    ]);
    const snapshot = await tables.openSnapshot(table.path);
    const byNumber = {
      order: ['number', 'id'].map((column) => ({ column, direction: 'asc' as const })),
      columns: ['number'],
    };
    const all = { ...byNumber, limit: 12_000, offset: 0 };
    const { value } = await tables.streamText(snapshot, all, 'ndjson').next();
    expect(linesOf(value?.bytes).slice(0, 4)).toEqual([
      '{"number":0.0}',
      '{"number":-0.0}',
      '{"number":0.0}',
      '{"number":-0.0}',
    ]);
  });

  it('come in turn with the pages, once they are sorted', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const rows = tables.streamText(snapshot, request, 'ndjson');
    await rows.next();
    let read = 0;
    const pages = Array.from({ length: 40 }, async () => {
      await tables.readPage(snapshot, { order: byTime('asc'), limit: 10, offset: 6_000 });
      read += 1;
    });
    await Promise.race(pages);
    expect((await rows.next()).value?.rows).toBeGreaterThan(2_048);
    expect(read).toBeGreaterThan(30);
    await Promise.all(pages);
    await rows.return();
  });

  it('are not sorted for whoever is gone, whose going leaves the snapshot to the others', async () => {
    const snapshot = await timedFiles(used, { a: timed('a'), b: timed('b') });
    const rows = tables.streamText(snapshot, { ...request, signal: AbortSignal.abort() }, 'ndjson');
    await expect(rows.next()).rejects.toThrow(/abort/i);
    expect(await tables.openSnapshot(table.path)).toBe(snapshot);
  });
});

const linesOf = (text: unknown) => String(text).split('\n').slice(0, -1);
