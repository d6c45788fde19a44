import type { MessagePlace, RejectReplay, RejectReplays, RejectedEvent, SentReplay } from '@millrace/domain';

/** Answers like the one on Postgres. */
export class InMemoryRejectReplays implements RejectReplays {
  private readonly replays = new Map<string, RejectReplay>();

  begin<T extends RejectedEvent & { readonly reason: string }>(events: readonly T[]): Promise<T[]> {
    const begun = new Set<string>();
    const fresh = events.filter((event) => {
      const key = keyOf(event);
      if (begun.has(key) || (this.replays.get(key)?.sent ?? null) !== null) return false;
      begun.add(key);
      return true;
    });
    for (const { topic, partition, offset, kafkaTime, reason } of fresh) {
      const replay = { topic, partition, offset, kafkaTime, reason, sent: null };
      const key = keyOf(replay);
      if (!this.replays.has(key)) this.replays.set(key, replay);
    }
    return Promise.resolve(fresh);
  }

  end(sent: readonly SentReplay[]): Promise<void> {
    for (const replay of sent) {
      const known = this.replays.get(keyOf(replay));
      if (known !== undefined) this.replays.set(keyOf(replay), { ...known, sent: replay.sent });
    }
    return Promise.resolve();
  }

  find(places: readonly MessagePlace[]): Promise<RejectReplay[]> {
    const asked = new Set(places.map(placeOf));
    const found = [...this.replays.values()].filter(
      (replay) =>
        asked.has(placeOf(replay)) ||
        (replay.sent !== null && asked.has(placeOf({ topic: replay.topic, ...replay.sent }))),
    );
    return Promise.resolve(found.sort(byPlace));
  }

  counts(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const { reason, sent } of this.replays.values())
      if (sent !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return Promise.resolve(counts);
  }
}

const placeOf = ({ topic, partition, offset }: MessagePlace) => JSON.stringify([topic, partition, offset]);

const keyOf = (event: RejectedEvent) => `${placeOf(event)} ${event.kafkaTime.toISOString()}`;

function byPlace(one: RejectReplay, other: RejectReplay): number {
  return (
    (one.topic < other.topic ? -1 : Number(one.topic > other.topic)) ||
    one.partition - other.partition ||
    one.offset - other.offset ||
    one.kafkaTime.getTime() - other.kafkaTime.getTime()
  );
}
