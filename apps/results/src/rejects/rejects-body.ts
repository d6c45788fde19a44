import type { RejectReplay, RejectsBody, SortKey } from '@millrace/domain';
import { z } from 'zod';
import type { ResultsPorts } from '../ports';
import { kafkaTimeOf, rejectRowSchema } from './reject-row';
import type { RejectRow } from './reject-row';

const NEWEST_FIRST: readonly SortKey[] = [
  { column: 'rejected_at', direction: 'desc' },
  { column: 'topic', direction: 'asc' },
  { column: 'partition', direction: 'asc' },
  { column: 'offset', direction: 'desc' },
];

/** From the time that a replay is noted with to the one that Kafka has of its copy, with all attempts to send it. */
const LONGEST_SEND_MS = 600_000;

/** How much the clock of who sends may be ahead of that of Spark, which rejects within a second. */
const CLOCKS_DIFFER_MS = 10_000;

/** How many there are for each reason, and the last of them, with what became of them since. */
export async function rejectsBody(
  { tables, rejectReplays }: Pick<ResultsPorts, 'tables' | 'rejectReplays'>,
  path: string,
  limit: number,
): Promise<RejectsBody> {
  const snapshot = await tables.openSnapshot(path);
  const counts = await tables.countBy(snapshot, 'reason');
  const json = String((await tables.readPage(snapshot, { order: NEWEST_FIRST, limit, offset: 0 })).bytes);
  const rows = z.array(rejectRowSchema).parse(JSON.parse(json));
  const [replayed, replays] = await Promise.all([rejectReplays.counts(), rejectReplays.find(rows)]);
  return {
    total: counts.reduce((sum, { rows: number }) => sum + number, 0),
    replayed: [...replayed.values()].reduce((sum, number) => sum + number, 0),
    reasons: counts.map(({ value, rows: count }) => {
      const reason = reasonOf(value);
      return { reason, count, replayed: replayed.get(reason) ?? 0 };
    }),
    samples: rows.map((row) => toSample(row, replays)),
  };
}

export const reasonOf = (reason: string | null): string => reason ?? 'unknown';

function toSample(row: RejectRow, replays: readonly RejectReplay[]): RejectsBody['samples'][number] {
  const { rejected_at: rejectedAt, reason, topic, partition, offset } = row;
  const kafkaTime = kafkaTimeOf(row).getTime();
  const own = replays.find(
    (replay) =>
      replay.topic === topic &&
      replay.partition === partition &&
      replay.offset === offset &&
      replay.kafkaTime.getTime() === kafkaTime,
  );
  const origin = originOf(row, replays);
  return {
    reason: reasonOf(reason),
    topic,
    partition,
    offset,
    timestamp: row.timestamp,
    rejectedAt,
    key: row.key,
    value: row.value,
    text: textOf(row.value),
    replayedAt: own?.sent?.time.toISOString() ?? null,
    replayOf: origin === undefined ? null : { partition: origin.partition, offset: origin.offset },
  };
}

/**
 * The replay whose copy this is. The place alone does not tell: a topic that was made again has its offsets a second time,
 * so the times must fit too.
 */
function originOf(row: RejectRow, replays: readonly RejectReplay[]): RejectReplay | undefined {
  const rejectedMs = Date.parse(row.rejected_at);
  const kafkaMs = kafkaTimeOf(row).getTime();
  return replays
    .filter(({ topic, sent }) => {
      if (topic !== row.topic || sent?.partition !== row.partition || sent.offset !== row.offset)
        return false;
      const sentMs = sent.time.getTime();
      return sentMs <= rejectedMs + CLOCKS_DIFFER_MS && kafkaMs <= sentMs + LONGEST_SEND_MS;
    })
    .sort((a, b) => sentMsOf(b) - sentMsOf(a))[0];
}

const sentMsOf = ({ sent }: RejectReplay): number => sent?.time.getTime() ?? 0;

function textOf(base64: string | null): string | null {
  if (base64 === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return null;
  }
}
