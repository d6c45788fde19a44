import { InMemoryRejectReplays } from '@millrace/testing';
import { EventRefused } from './event-sender';
import type { EventSender, OutgoingEvent } from './event-sender';
import type { RejectSelection } from './matching-rejects';
import { RejectsFixture } from './rejects.fixture';
import { ReplayRejects } from './replay-rejects';
import { replayText } from './report-text';

const ALL: RejectSelection = { reasons: undefined, topic: undefined, since: undefined, until: undefined };

/** Keeps what it is sent; a copy has the offset of its event and 1,000. */
class RecordingSender implements EventSender {
  readonly requests: (readonly OutgoingEvent[])[] = [];
  /** Runs before a request is kept. */
  before: (events: readonly OutgoingEvent[]) => void = () => undefined;

  send(events: readonly OutgoingEvent[]): Promise<readonly { partition: number; offset: number }[]> {
    return Promise.resolve().then(() => {
      this.before(events);
      this.requests.push(events);
      return events.map(({ partition, offset }) => ({ partition, offset: offset + 1_000 }));
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get offsets(): readonly number[] {
    return this.requests.flat().map(({ offset }) => offset);
  }
}

let rejects: RejectsFixture;
let replays: InMemoryRejectReplays;
let sender: RecordingSender;

beforeEach(async () => {
  rejects = await RejectsFixture.create();
  replays = new InMemoryRejectReplays();
  sender = new RecordingSender();
});

afterEach(() => rejects.close());

async function replay(
  selection: Partial<RejectSelection> = {},
  plan: { limit?: number; isDryRun?: boolean; signal?: AbortSignal } = {},
) {
  const work = new ReplayRejects(
    { tables: rejects.tables, replays, sender },
    {
      selection: { ...ALL, ...selection },
      limit: plan.limit ?? Number.MAX_SAFE_INTEGER,
      isDryRun: plan.isDryRun ?? false,
      signal: plan.signal ?? new AbortController().signal,
      onProgress: () => undefined,
      now: () => new Date('2025-01-16T00:00:00Z'),
    },
  );
  return work.run(await rejects.snapshot());
}

describe('a replay of rejects', () => {
  it('sends the bytes and the key as they were, in the order of the rejection', async () => {
    await rejects.reject({ offset: 2, rejectedAt: '2025-01-15 08:00:02', value: "'\\xFF\\x00'::BLOB" });
    await rejects.reject({ offset: 1 }, { offset: 0, key: 'NULL::BLOB', value: 'NULL::BLOB' });
    expect(await replay()).toMatchObject({
      reasons: [{ reason: 'quantity: below 1', matching: 3, sentBefore: 0, sent: 3 }],
      refused: [],
    });
    expect(sender.requests.flat()).toMatchObject([
      { topic: 'transactions-stream', partition: 0, offset: 0, key: null, value: null },
      { offset: 1, key: Buffer.from('k'), value: Buffer.from('event 1') },
      { offset: 2, value: Buffer.from([0xff, 0x00]) },
    ]);
  });

  it('sends each event once, however often it is run', async () => {
    await rejects.reject({ offset: 0 }, { offset: 1 });
    await replay();
    await rejects.reject({ offset: 2, reason: 'city: empty' });
    expect((await replay()).reasons).toEqual([
      { reason: 'quantity: below 1', matching: 2, sentBefore: 2, sent: 0 },
      { reason: 'city: empty', matching: 1, sentBefore: 0, sent: 1 },
    ]);
    expect(sender.offsets).toEqual([0, 1, 2]);
  });

  it('notes where the copies are', async () => {
    await rejects.reject({ offset: 0, partition: 4 });
    await replay();
    const copy = { topic: 'transactions-stream', partition: 4, offset: 1_000 };
    expect(await replays.find([copy])).toMatchObject([{ partition: 4, offset: 0, sent: { offset: 1_000 } }]);
  });

  it.each<[Partial<RejectSelection>, readonly number[]]>([
    [{ reasons: new Set(['city: empty']) }, [1]],
    [{ reasons: new Set(['city: empty', 'quantity: below 1']), topic: 'transactions-stream' }, [0, 1]],
    [{ topic: 'another' }, [2]],
    [{ since: new Date('2025-01-15T08:00:02Z') }, [1, 2]],
    [{ until: new Date('2025-01-15T08:00:03Z') }, [0, 1]],
    [{ reasons: new Set(['quantity']) }, []],
  ])('sends only what is meant: %j', async (selection, offsets) => {
    await rejects.reject(
      { offset: 0 },
      { offset: 1, reason: 'city: empty', rejectedAt: '2025-01-15 08:00:02.000001' },
      { offset: 2, topic: 'another', rejectedAt: '2025-01-15 08:00:03' },
    );
    await replay(selection);
    expect(sender.offsets).toEqual(offsets);
  });

  it('sends nothing and notes nothing in a dry run, and tells what it would do', async () => {
    await rejects.reject({ offset: 0 }, { offset: 1 }, { offset: 2 });
    await replay({}, { limit: 1 });
    const foreseen = await replay({}, { isDryRun: true });
    expect(foreseen.reasons).toMatchObject([{ matching: 3, sentBefore: 1, sent: 2 }]);
    expect(sender.offsets).toEqual([0]);
    expect(replayText(foreseen)).toContain('2 events would be sent again');
    expect((await replay()).reasons).toMatchObject([{ sentBefore: 1, sent: 2 }]);
  });

  it('stops at its limit, which what was sent before does not count for', async () => {
    await rejects.reject({ offset: 0 }, { offset: 1 }, { offset: 2 });
    for (const sent of [1, 1, 1]) {
      expect(await replay({}, { limit: 1 })).toMatchObject({ isLimited: true, reasons: [{ sent }] });
    }
    expect(sender.offsets).toEqual([0, 1, 2]);
  });

  it('sends again only the request that nobody knows the end of', async () => {
    await rejects.reject(
      { offset: 0, partition: 0 },
      { offset: 0, partition: 1 },
      { offset: 0, partition: 2 },
    );
    sender.before = ([event]) => {
      if (event?.partition === 1) throw new Error('killed');
    };
    await expect(replay()).rejects.toThrow('killed');
    sender.before = () => undefined;
    expect((await replay()).reasons).toMatchObject([{ matching: 3, sentBefore: 1, sent: 2 }]);
    expect(sender.requests.flat().map(({ partition }) => partition)).toEqual([0, 1, 2]);
  });

  it('stops between two requests when it is told to', async () => {
    const stopping = new AbortController();
    await rejects.reject({ offset: 0, partition: 0 }, { offset: 0, partition: 1 });
    sender.before = () => {
      stopping.abort();
    };
    expect(await replay({}, { signal: stopping.signal })).toMatchObject({
      isInterrupted: true,
      reasons: [{ sent: 1 }],
    });
    expect((await replay()).reasons).toMatchObject([{ sentBefore: 1, sent: 1 }]);
  });

  it('goes on past an event that the brokers do not take, and names it', async () => {
    await rejects.reject({ offset: 0 }, { offset: 1, value: "repeat('x', 300000)::BLOB" }, { offset: 2 });
    sender.before = ([event]) => {
      if (event?.offset === 1) throw new EventRefused('too large');
    };
    const summary = await replay();
    expect(summary.refused).toEqual([
      { topic: 'transactions-stream', partition: 0, offset: 1, message: 'too large' },
    ]);
    expect(sender.offsets).toEqual([0, 2]);
    expect(replayText(summary)).toContain('not sent: transactions-stream, partition 0, offset 1: too large');
  });

  it('keeps requests small', async () => {
    const value = "repeat('x', 100000)::BLOB";
    await rejects.reject(...Array.from({ length: 7 }, (_, offset) => ({ offset, value })));
    await replay();
    expect(sender.requests.map(({ length }) => length)).toEqual([2, 2, 2, 1]);
    expect(sender.offsets).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('finds its way through a table that is larger than a chunk', async () => {
    await rejects.reject(
      ...Array.from({ length: 450 }, (_, offset) => ({
        offset,
        reason: offset % 2 === 0 ? 'city: empty' : 'quantity: below 1',
      })),
    );
    await replay({ reasons: new Set(['city: empty']) });
    expect(sender.offsets).toEqual(Array.from({ length: 225 }, (_, index) => index * 2));
  });
});
