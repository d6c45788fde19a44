import { REJECT_COLUMNS, rejectsBodySchema } from '@millrace/domain';
import type { RejectsBody } from '@millrace/domain';
import { ResultsFixture } from '../results.fixture';

let results: ResultsFixture;

beforeEach(async () => {
  results = await ResultsFixture.create();
});

afterEach(async () => {
  await results.close();
});

/** One file a day: a row for each reason, a minute apart; the value is `value`, as SQL. */
async function rejectsOf(...days: readonly (readonly (readonly [reason: string, value: string])[])[]) {
  const table = await results.table(results.paths.rejects, REJECT_COLUMNS, ['reject_date']);
  for (const [index, rejected] of days.entries()) {
    const date = `2025-01-1${index}`;
    const rows = rejected.map(
      ([reason, value], minute) =>
        `SELECT '${reason}' AS reason, 'transactions-stream' AS topic, 3 AS partition, ${minute}::BIGINT AS "offset",
          TIMESTAMPTZ '${date} 08:00:00+00' AS timestamp, 'k'::BLOB AS "key", ${value} AS value,
          TIMESTAMPTZ '${date} 08:0${minute}:00.000001+00' AS rejected_at`,
    );
    const file = await table.data(`${date}.parquet`, rows.join(' UNION ALL '), { reject_date: date });
    await table.commit(index + 1, [file]);
  }
}

const rejects = async (query = ''): Promise<RejectsBody> => {
  const response = await results.get(`/rejects${query}`);
  expect(response.statusCode).toBe(200);
  return rejectsBodySchema.parse(response.json());
};

const TEXT = `'not JSON'::BLOB`;

describe('GET /rejects', () => {
  it('counts the events of each reason, most first', async () => {
    await rejectsOf(
      [
        ['quantity: below 1', TEXT],
        ['city: empty', TEXT],
      ],
      [['quantity: below 1', TEXT]],
    );
    expect(await rejects()).toMatchObject({
      total: 3,
      replayed: 0,
      reasons: [
        { reason: 'quantity: below 1', count: 2, replayed: 0 },
        { reason: 'city: empty', count: 1, replayed: 0 },
      ],
    });
  });

  it('tells which were sent again, and which are the copies of those', async () => {
    await rejectsOf([
      ['quantity: below 1', TEXT],
      ['quantity: below 1', TEXT],
      ['city: empty', TEXT],
    ]);
    const first = {
      topic: 'transactions-stream',
      partition: 3,
      offset: 0,
      kafkaTime: new Date('2025-01-10T08:00:00Z'),
      reason: 'quantity: below 1',
    };
    const time = new Date('2025-01-10T08:00:30Z');
    const replays = results.rejectReplays;
    // One of an earlier topic of that name has the place of the second, and another one was never sent.
    const earlier = { ...first, offset: 1, kafkaTime: new Date('2024-01-10T08:00:00Z') };
    await replays.begin([first, earlier, { ...first, offset: 2 }]);
    await replays.end([
      { ...first, sent: { time, partition: 3, offset: 1 } },
      { ...earlier, sent: { time, partition: 3, offset: 77 } },
    ]);
    const { replayed, reasons, samples } = await rejects();
    expect([replayed, reasons[0]?.replayed, reasons[1]?.replayed]).toEqual([2, 2, 0]);
    expect(samples.map(({ offset, replayedAt, replayOf }) => [offset, replayedAt, replayOf])).toEqual([
      [2, null, null],
      [1, null, { partition: 3, offset: 0 }],
      [0, '2025-01-10T08:00:30.000Z', null],
    ]);
  });

  it('takes no reject for the copy of an event that another topic of that name had at its place', async () => {
    await rejectsOf([['city: empty', TEXT]], [['city: empty', TEXT]], [['city: empty', TEXT]]);
    const first = { topic: 'transactions-stream', partition: 3, reason: 'quantity: below 1' };
    const replayed = (offset: number, sentAt: string) => {
      const time = new Date(sentAt);
      return { ...first, offset, kafkaTime: new Date('2025-01-09'), sent: { time, partition: 3, offset: 0 } };
    };
    // All three rejects and both copies have the offset 0: of the first topic, the second and the third.
    const copies = [replayed(7, '2025-01-11T08:00:00Z'), replayed(8, '2025-01-10T12:00:00Z')];
    await results.rejectReplays.begin(copies);
    await results.rejectReplays.end(copies);
    const { samples } = await rejects();
    expect(samples.map(({ rejectedAt, replayOf }) => [rejectedAt.slice(0, 10), replayOf?.offset])).toEqual([
      ['2025-01-12', undefined],
      ['2025-01-11', 7],
      ['2025-01-10', undefined],
    ]);
  });

  it('shows the last of them, with their place and their bytes', async () => {
    await rejectsOf([['city: empty', TEXT]], [['value: not a JSON object', `'\\xFF\\x00'::BLOB`]]);
    const { samples } = await rejects('?limit=1');
    expect(samples).toEqual([
      {
        reason: 'value: not a JSON object',
        topic: 'transactions-stream',
        partition: 3,
        offset: 0,
        timestamp: '2025-01-11T08:00:00.000Z',
        rejectedAt: '2025-01-11T08:00:00.000001Z',
        key: 'aw==',
        value: '/wA=',
        text: null,
        replayedAt: null,
        replayOf: null,
      },
    ]);
    const [, earlier] = (await rejects()).samples;
    expect(earlier).toMatchObject({ reason: 'city: empty', text: 'not JSON' });
  });

  it('shows a tombstone as no value', async () => {
    await rejectsOf([['value: not a JSON object', 'NULL::BLOB']]);
    expect((await rejects()).samples).toMatchObject([{ value: null, text: null }]);
  });

  it('has none before a stream has run, and none where the table is empty', async () => {
    const none = { total: 0, replayed: 0, reasons: [], samples: [] };
    expect(await rejects()).toEqual(none);
    await results.table(results.paths.rejects, REJECT_COLUMNS, ['reject_date']);
    expect(await rejects()).toEqual(none);
  });

  it.each(['?limit=-1', '?limit=x', '?limit=1.5', '?offset=1'])('refuses %s', async (query) => {
    expect((await results.get(`/rejects${query}`)).statusCode).toBe(400);
  });
});
