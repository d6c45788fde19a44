import { createHash } from 'node:crypto';
import type { Message } from 'kafkajs';
import { readGeneratorSettings } from './config';
import { refusalsOf } from './contract-checker.fixture';
import { Events } from './events';

const START = '2025-01-15T08:00:00Z';
const NOW = new Date('2025-06-01T00:00:00Z');
const FAULTY = { MALFORMED_RATE: '0.02', DUPLICATE_RATE: '0.03', LATE_RATE: '0.04' };
const COUNT = 20_000;

const eventsOf = (environment: Record<string, string>) =>
  new Events(readGeneratorSettings({ SEED: '1', ...environment }, [], NOW));
const past = (environment: Record<string, string> = {}) =>
  eventsOf({ START_TIME: START, EVENTS_PER_SECOND: '50', MAX_EVENTS: String(COUNT), ...environment });

const bytesOf = ({ value }: Message): Buffer => (Buffer.isBuffer(value) ? value : Buffer.from(String(value)));
const digestOf = (messages: readonly Message[]): string => {
  const hash = createHash('sha256');
  for (const message of messages)
    hash.update(String(message.key)).update('\t').update(bytesOf(message)).update('\n');
  return hash.digest('hex');
};
const timeOf = (message: Message) =>
  (JSON.parse(String(message.value)) as { event_timestamp: string }).event_timestamp;

const { messages, truth } = past(FAULTY).make(0, COUNT, NOW);
const { counts } = truth;

describe('Events', () => {
  it('are the same bytes for a seed on every machine, in every process, in every version of this program', () => {
    // Another digest means that the same seed makes other events than before: say so in the notes of the release.
    expect(digestOf(messages)).toBe('6e7550b2a52ae1d4c5650a32868b4e6cec96d6a5f2845734be3abadae56f97b1');
  });

  it('are the same bytes in whatever portions and in whatever order they are made', () => {
    const cut = past(FAULTY);
    const bounds = [0, 1, 7, 1000, 1001, 9999, 15_000, COUNT];
    const portions = bounds.slice(1).map((to, index) => ({ from: bounds[index] ?? 0, to }));
    const made = portions.reverse().map(({ from, to }) => cut.make(from, to, new Date()).messages);
    expect(digestOf(made.reverse().flat())).toBe(digestOf(messages));
  });

  it('are others for another seed', () => {
    const other = past({ ...FAULTY, SEED: '2' }).make(0, COUNT, NOW).messages;
    const keys = new Set(messages.map(({ key }) => key));
    expect(other.filter(({ key }) => keys.has(key ?? ''))).toEqual([]);
  });

  it('with faults are those without, but where a fault stands', () => {
    const clean = past().make(0, COUNT, NOW).messages;
    const changed = messages.filter((message, index) => message.value !== clean[index]?.value).length;
    expect(changed).toBe(counts.malformed.total + counts.duplicates.total + counts.late);
  });

  it('are keyed by their transaction, and leave the time of the message to the sending', () => {
    for (const message of past().make(0, 500, NOW).messages) {
      expect((JSON.parse(String(message.value)) as { transaction_id: string }).transaction_id).toBe(
        message.key,
      );
      expect(message.timestamp).toBeUndefined();
    }
  });

  it('happen when they are made', () => {
    const made = eventsOf({}).make(0, 3, NOW).messages;
    expect(made.map(timeOf)).toEqual(Array.from({ length: 3 }, () => NOW.toISOString()));
  });

  it('happen at an even rate from the given start, none in the future', () => {
    const made = past().make(0, COUNT, NOW).messages;
    expect(timeOf(made[0] as Message)).toBe('2025-01-15T08:00:00.000Z');
    expect(timeOf(made[COUNT - 1] as Message)).toBe('2025-01-15T08:06:39.980Z');
  });

  it('are sent again with the time at which they happened, live too', () => {
    const live = eventsOf({ ...FAULTY, DUPLICATE_RATE: '0.2' });
    const made = Array.from({ length: 40 }, (_, second) => {
      const now = new Date(NOW.getTime() + second * 1000);
      return live.make(second * 100, second * 100 + 100, now).messages;
    }).flat();
    const first = new Map<unknown, string>();
    let repeated = 0;
    for (const message of made) {
      if (refusalsOf(bytesOf(message), NOW.getTime() + 40_000).length > 0) continue;
      const before = first.get(message.key);
      if (before === undefined) first.set(message.key, String(message.value));
      else if (before === message.value) repeated++;
      else throw new Error(`${before} was sent again as ${String(message.value)}`);
    }
    expect(repeated).toBeGreaterThan(600);
  });
});

describe('the truth about events', () => {
  const isValid = (message: Message) => refusalsOf(bytesOf(message), NOW.getTime()).length === 0;
  const valid = messages.filter(isValid);
  const distinct = new Map(valid.map(({ key, value }) => [key, String(value)]));

  it('counts what a reader counts', () => {
    expect(counts.sent).toBe(COUNT);
    expect(counts.malformed.total).toBe(COUNT - valid.length);
    expect(counts.distinctValid).toBe(distinct.size);
    expect(counts.duplicates.total).toBe(valid.length - distinct.size);
    expect(counts.distinctValid + counts.duplicates.total + counts.malformed.total).toBe(counts.sent);
  });

  it('has the sums, frauds and times of the distinct valid events', () => {
    const stored = [...distinct.values()].map(
      (value) =>
        JSON.parse(value) as Record<string, string> & { total_amount: number; is_fraudulent: boolean },
    );
    const grocery = stored.filter((event) => event['category'] === 'grocery');
    const completed = grocery.filter((event) => event['transaction_status'] === 'completed');
    const amount = (events: typeof stored) =>
      Number(events.reduce((sum, event) => sum + event.total_amount, 0).toFixed(2));
    expect(counts.totals.category['grocery']).toEqual({
      events: grocery.length,
      amount: amount(grocery),
      completedEvents: completed.length,
      completedAmount: amount(completed),
    });
    expect(counts.fraudulent).toBe(stored.filter((event) => event.is_fraudulent).length);
    const times = stored.map((event) => event['event_timestamp'] ?? '').sort();
    expect([counts.firstEventTime, counts.lastEventTime]).toEqual([times[0], times.at(-1)]);
    for (const totals of Object.values(counts.totals)) {
      expect(Object.values(totals).reduce((sum, { events }) => sum + events, 0)).toBe(distinct.size);
    }
  });

  it('tells the late ones by their time', () => {
    const late = [...distinct.values()].filter((value) => timeOf({ value }) < '2025-01-15T07:59');
    // Those of the last minutes of the run that are late by 11 minutes only happened after its start too.
    expect(late.length).toBeLessThanOrEqual(counts.late);
    expect(late.length).toBeGreaterThan(0.9 * counts.late);
  });

  it('of portions adds up to that of the whole', () => {
    const cut = past(FAULTY);
    const sum = cut.make(0, 1234, NOW).truth;
    sum.add(cut.make(1234, COUNT, NOW).truth.tally);
    expect(sum.counts).toEqual(counts);
  });
});
