import type { MessagePlace, RejectReplay, RejectReplays, RejectedEvent, SentReplay } from '@millrace/domain';
import type { Pool } from 'pg';
import { answered } from './registry-error';
import { storableText } from './storable-text';

/** Those that were sent before stay as they are, and are not among the rows that it gives. */
const BEGIN = {
  name: 'replay-begin',
  text: `INSERT INTO reject_replays AS known (topic, partition, "offset", kafka_time, reason, begin_time)
    SELECT DISTINCT ON (1, 2, 3, 4) topic, partition, "offset", kafka_time, reason, $6::timestamptz
      FROM unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[], $5::text[])
        AS event (topic, partition, "offset", kafka_time, reason)
    ON CONFLICT (topic, partition, "offset", kafka_time) DO UPDATE SET begin_time = EXCLUDED.begin_time
      WHERE known.sent_time IS NULL
    RETURNING topic, partition, "offset"::text, kafka_time AS "kafkaTime"`,
};
const END = {
  name: 'replay-end',
  text: `UPDATE reject_replays AS known
    SET sent_time = event.sent_time, sent_partition = event.sent_partition, sent_offset = event.sent_offset
    FROM unnest($1::text[], $2::int[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::int[], $7::bigint[])
      AS event (topic, partition, "offset", kafka_time, sent_time, sent_partition, sent_offset)
    WHERE known.topic = event.topic AND known.partition = event.partition AND known."offset" = event."offset"
      AND known.kafka_time = event.kafka_time`,
};
const FIND = {
  name: 'replay-find',
  text: `WITH place AS (
      SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[]) AS place (topic, partition, "offset")
    ), found AS (
      SELECT known.* FROM reject_replays AS known JOIN place USING (topic, partition, "offset")
      UNION
      SELECT known.* FROM reject_replays AS known JOIN place
        ON known.topic = place.topic AND known.sent_partition = place.partition AND known.sent_offset = place."offset"
    )
    SELECT topic, partition, "offset"::text, kafka_time AS "kafkaTime", reason, sent_time AS "sentTime",
      sent_partition AS "sentPartition", sent_offset::text AS "sentOffset"
    FROM found ORDER BY topic, partition, "offset", kafka_time`,
};
const COUNTS = {
  name: 'replay-counts',
  text: 'SELECT reason, count(*)::int AS sent FROM reject_replays WHERE sent_time IS NOT NULL GROUP BY reason',
};

interface Row {
  readonly topic: string;
  readonly partition: number;
  /** Text: the driver has no number for 64 bits. */
  readonly offset: string;
  readonly kafkaTime: Date;
}

interface FoundRow extends Row {
  readonly reason: string;
  readonly sentTime: Date | null;
  readonly sentPartition: number | null;
  readonly sentOffset: string | null;
}

/** Which rejected events were sent again, on Postgres. */
export class PostgresRejectReplays implements RejectReplays {
  constructor(private readonly pool: Pool) {}

  async begin<T extends RejectedEvent & { readonly reason: string }>(
    events: readonly T[],
    time: Date,
  ): Promise<T[]> {
    const values = [...keys(events), events.map(({ reason }) => storableText(reason)), time];
    const { rows } = await answered(() => this.pool.query<Row>({ ...BEGIN, values }));
    const begun = new Set(rows.map((row) => keyOf({ ...row, offset: Number(row.offset) })));
    return events.filter((event) => begun.delete(keyOf(event)));
  }

  async end(sent: readonly SentReplay[]): Promise<void> {
    const copies = sent.map((replay) => replay.sent);
    const values = [
      ...keys(sent),
      copies.map(({ time }) => time),
      copies.map(({ partition }) => partition),
      copies.map(({ offset }) => offset),
    ];
    await answered(() => this.pool.query({ ...END, values }));
  }

  async find(places: readonly MessagePlace[]): Promise<RejectReplay[]> {
    const { rows } = await answered(() =>
      this.pool.query<FoundRow>({ ...FIND, values: coordinates(places) }),
    );
    return rows.map(({ sentTime: time, sentPartition: partition, sentOffset, ...row }) => ({
      ...row,
      offset: Number(row.offset),
      sent:
        time === null || partition === null || sentOffset === null
          ? null
          : { time, partition, offset: Number(sentOffset) },
    }));
  }

  async counts(): Promise<ReadonlyMap<string, number>> {
    const { rows } = await answered(() => this.pool.query<{ reason: string; sent: number }>(COUNTS));
    return new Map(rows.map(({ reason, sent }) => [reason, sent]));
  }
}

const coordinates = (places: readonly MessagePlace[]) => [
  places.map(({ topic }) => topic),
  places.map(({ partition }) => partition),
  places.map(({ offset }) => offset),
];

const keys = (events: readonly RejectedEvent[]) => [
  ...coordinates(events),
  events.map(({ kafkaTime }) => kafkaTime),
];

const keyOf = ({ topic, partition, offset, kafkaTime }: RejectedEvent) =>
  JSON.stringify([topic, partition, offset, kafkaTime.getTime()]);
