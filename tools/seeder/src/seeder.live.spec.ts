import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import { KafkaDelivery, Progress } from '@millrace/generator';
import { requireEndpoints } from '@millrace/testing';
import { SparkSession } from 'spark-connect-js';
import { count, date_format, lit, round, sum } from 'spark-connect-js/functions';
import type { DataFrame } from 'spark-connect-js';
import { readSeederSettings } from './config';
import type { SeederSettings } from './config';
import { isoDate, makeHistory } from './history';
import { toMessage } from './kafka-feed';
import { seed } from './seed';

jest.setTimeout(120_000);

const { sparkConnect, kafka } = requireEndpoints();
const RECORDS = 3000;
// A history is of a day: that must not change midway.
const NOW = new Date();
const ISO = "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'";

const spark = SparkSession.builder().remote(sparkConnect).build();
// Brackets and spaces: to Spark a path is a pattern unless it is told otherwise.
const base = mkdtempSync(join(tmpdir(), 'seeder [live] '));

const settings = (environment: Record<string, string> = {}, ...cliArguments: string[]): SeederSettings =>
  readSeederSettings(
    {
      SPARK_REMOTE: sparkConnect,
      KAFKA_BOOTSTRAP_SERVERS: kafka,
      DELTA_BASE_PATH: base,
      TOTAL_RECORDS: String(RECORDS),
      DATE_RANGE_DAYS: '5',
      ...environment,
    },
    cliArguments,
    NOW,
  );

const progressTo = (written: string[]) =>
  new Progress({ out: { write: (text: string) => written.push(text) }, name: 'seeder' });
const run = (chosen: SeederSettings, written: string[] = []) =>
  seed(chosen, progressTo(written), new AbortController().signal);

async function fill(topic: string, messages: { key: string; value: string }[]): Promise<void> {
  const delivery = await KafkaDelivery.open({
    brokers: [kafka],
    topic,
    compression: 'none',
    say: () => undefined,
  });
  await delivery.send(messages);
  await delivery.close();
}

const table = (path: string): DataFrame => spark.read.format('delta').load(path);
const rowCount = (path: string): Promise<number> => table(path).count();
const commits = (path: string): boolean[] =>
  [0, 1, 2].map((version) => existsSync(`${path}/_delta_log/${String(version).padStart(20, '0')}.json`));

afterAll(async () => {
  await spark.release();
  await spark.close();
  rmSync(base, { recursive: true, force: true });
});

describe('the seeder on a real Spark', () => {
  const chosen = settings();

  it('writes the history in one commit and leaves no staged file', async () => {
    const { hasWritten, counts } = await run(chosen);
    expect(hasWritten).toBe(true);
    expect(counts?.distinctValid).toBe(RECORDS);
    expect(counts?.lastEventTime).toContain(isoDate(chosen.history.endDate));
    expect(chosen.tablePath).toBe(`${base}/stream/transactions`);
    expect(await rowCount(chosen.tablePath)).toBe(RECORDS);
    expect(commits(chosen.tablePath)).toEqual([true, false, false]);
    expect(existsSync(chosen.stagingRoot)).toBe(false);
  });

  it('stores every value of every row as it was made', async () => {
    const stored = await table(chosen.tablePath)
      .withColumns({
        event_timestamp: date_format('event_timestamp', ISO),
        processing_timestamp: date_format('processing_timestamp', ISO),
      })
      .orderBy('event_timestamp', 'transaction_id')
      .collect();
    const made = [...makeHistory(chosen.history)].sort((a, b) =>
      `${a.event_timestamp}${a.transaction_id}` < `${b.event_timestamp}${b.transaction_id}` ? -1 : 1,
    );
    expect(stored).toEqual(made);
  });

  it('gives the table the stored columns and a protocol that plain readers know', async () => {
    const { fields } = await table(chosen.tablePath).schema();
    expect(fields.map(({ name }) => name)).toEqual(STORED_TRANSACTION_COLUMNS.map(({ name }) => name));
    const log = readFileSync(`${chosen.tablePath}/_delta_log/${'0'.repeat(20)}.json`, 'utf8');
    expect(log).toContain('"protocol":{"minReaderVersion":1,"minWriterVersion":2}');
    expect(log).toContain('"partitionColumns":["event_date"]');
  });

  it('tells the truth about the table', async () => {
    const { hasWritten, counts } = await run(settings({ SEEDER_MANIFEST: 'wanted' }));
    expect(hasWritten).toBe(false);
    const byCategory = await table(chosen.tablePath)
      .groupBy('category')
      .agg(count(lit(1)).alias('events'), round(sum('total_amount'), 2).alias('amount'))
      .collect();
    for (const { category, events, amount } of byCategory) {
      expect(counts?.totals.category[category as string]).toMatchObject({ events: Number(events), amount });
    }
  });

  it('adds nothing the second time', async () => {
    expect((await run(chosen)).hasWritten).toBe(false);
    expect(await rowCount(chosen.tablePath)).toBe(RECORDS);
    expect(commits(chosen.tablePath)).toEqual([true, false, false]);
  });

  it('adds the history of another seed beside it', async () => {
    await run(settings({ SEED: '43' }));
    expect(await rowCount(chosen.tablePath)).toBe(2 * RECORDS);
  });

  it('replaces all rows when told to, and then adds again what was replaced', async () => {
    await run(settings({ SEED: '44' }, '--overwrite'));
    expect(await rowCount(chosen.tablePath)).toBe(RECORDS);
    expect((await run(chosen)).hasWritten).toBe(true);
    expect(await rowCount(chosen.tablePath)).toBe(2 * RECORDS);
    expect((await run(chosen)).hasWritten).toBe(false);
  });

  it('commits once when the same run is made twice at a time', async () => {
    const twin = settings({ DELTA_OUTPUT_PATH: `${base}/twin` });
    await Promise.all([run(twin), run(twin)]);
    expect(await rowCount(twin.tablePath)).toBe(RECORDS);
    expect(existsSync(twin.stagingRoot)).toBe(false);
  });

  it('keeps apart when told to', async () => {
    const separate = settings({ SEED_SEPARATE: 'true' });
    await run(separate);
    expect(separate.tablePath).toBe(`${base}/seed/transactions`);
    expect(await rowCount(separate.tablePath)).toBe(RECORDS);
  });

  it('feeds a Kafka topic once', async () => {
    const topic = `seeder-spec-${process.pid}-${Date.now()}`;
    const feeding = settings({ SEED_KAFKA: 'true', KAFKA_BATCH_TOPIC: topic });
    expect((await run(feeding)).produced).toBe(RECORDS);
    const said: string[] = [];
    expect((await run(feeding, said)).produced).toBe(0);
    expect(said).toContainEqual(
      `seeder: topic ${topic} holds ${RECORDS} records already and is left as it is\n`,
    );
  });

  it('goes on behind the rows that a killed run has produced', async () => {
    const topic = `seeder-spec-begun-${process.pid}-${Date.now()}`;
    const feeding = settings({ SEED_KAFKA: 'true', KAFKA_BATCH_TOPIC: topic });
    await fill(topic, [...makeHistory(feeding.history)].slice(0, 1000).map(toMessage));
    expect((await run(feeding)).produced).toBe(RECORDS - 1000);
    const said: string[] = [];
    expect((await run(feeding, said)).produced).toBe(0);
    expect(said.join('')).toContain(`holds ${RECORDS} records already`);
  });

  it('leaves a topic alone that holds something else', async () => {
    const topic = `seeder-spec-foreign-${process.pid}-${Date.now()}`;
    await fill(topic, [{ key: 'foreign', value: '{}' }]);
    const said: string[] = [];
    const { produced } = await run(settings({ SEED_KAFKA: 'true', KAFKA_BATCH_TOPIC: topic }), said);
    expect(produced).toBe(0);
    expect(said.join('')).toContain(`topic ${topic} holds 1 records already and is left as it is`);
  });

  it('stops without a trace', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(seed(settings({ SEED: '45' }), progressTo([]), stop.signal)).rejects.toThrow();
    expect(await rowCount(chosen.tablePath)).toBe(2 * RECORDS);
    expect(existsSync(chosen.stagingRoot)).toBe(false);
  });
});
