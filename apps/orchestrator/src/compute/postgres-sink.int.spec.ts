import { ANALYSES } from '@millrace/domain';
import type { AnalysisName } from '@millrace/domain';
import { freshDatabase } from '@millrace/registry/testing';
import type { FreshDatabase } from '@millrace/registry/testing';
import { Timestamp } from 'spark-connect-js';
import type { RowObject } from 'spark-connect-js';
import type { StoredAnalysis } from './compute-batch';
import { PostgresSink } from './postgres-sink';
import { EXAMPLES, aRow, channels, countOf, neverAborted, settingsOf, stored } from './postgres-sink.fixture';

const schema = 'batch_results';
let database: FreshDatabase;

beforeEach(async () => {
  database = await freshDatabase();
});

afterEach(() => database.drop());

const aSink = () => new PostgresSink(settingsOf(database.url));

const emptyRow = (analysis: AnalysisName): RowObject =>
  Object.fromEntries(ANALYSES[analysis].columns.map(({ name }) => [name, null]));

describe('rows of analyses in Postgres', () => {
  it('have the values that Spark computed, whatever the column', async () => {
    for (const analysis of ['customer_segmentation', 'fraud_analysis', 'hourly_trends'] as const) {
      await aSink().store('b1', [stored(analysis, [aRow(analysis), emptyRow(analysis)])], neverAborted);
    }
    const customers = await database.query(
      `SELECT customer_id, lifetime_value, total_transactions::text,
         last_purchase_date = timestamptz '2025-01-01 00:00:00.000007Z' AS is_exact
       FROM ${schema}.customer_segmentation ORDER BY customer_id NULLS LAST`,
    );
    expect(customers).toEqual([
      {
        customer_id: EXAMPLES.string,
        lifetime_value: 0.1 + 0.2,
        total_transactions: '9007199254740993',
        is_exact: true,
      },
      { customer_id: null, lifetime_value: null, total_transactions: null, is_exact: null },
    ]);
    const frauds = await database.query(
      `SELECT affected_cities FROM ${schema}.fraud_analysis ORDER BY 1 NULLS LAST`,
    );
    expect(frauds).toEqual([{ affected_cities: EXAMPLES['array<string>'] }, { affected_cities: null }]);
    const hours = await database.query(
      `SELECT event_date::text, event_hour FROM ${schema}.hourly_trends ORDER BY 1 NULLS LAST`,
    );
    expect(hours).toEqual([
      { event_date: '2024-02-29', event_hour: -2_147_483_648 },
      { event_date: null, event_hour: null },
    ]);
  });

  it('have NaN, both infinities, the zero below zero, late years, and no NUL', async () => {
    const doubles = [NaN, Infinity, -Infinity, -0];
    const rows = doubles.map((lifetime_value, index) =>
      aRow('customer_segmentation', {
        lifetime_value,
        customer_id: `c${index}\0`,
        last_purchase_date: new Timestamp(BigInt(Date.UTC(12_025, 0, 1)) * 1_000n + 1n),
      }),
    );
    await aSink().store('b1', [stored('customer_segmentation', rows)], neverAborted);
    const found = await database.query(
      `SELECT customer_id, lifetime_value,
         last_purchase_date = timestamptz '12025-01-01 00:00:00.000001Z' AS is_exact
       FROM ${schema}.customer_segmentation ORDER BY customer_id`,
    );
    expect(found).toEqual(
      doubles.map((lifetime_value, index) => ({
        customer_id: `c${index}\uFFFD`,
        lifetime_value,
        is_exact: true,
      })),
    );
  });

  it('are there once, however often they are stored, and those of other batches stay', async () => {
    const sink = aSink();
    await sink.store('b1', [channels(5_000)], neverAborted);
    await sink.store('b2', [channels(3)], neverAborted);
    await sink.store('b1', [channels(4_001)], neverAborted);
    await expect(countOf(database, 'channel_performance', 'b1')).resolves.toBe(4_001);
    await expect(countOf(database, 'channel_performance', 'b2')).resolves.toBe(3);
  });

  it('are those of one attempt where two store at once, and the tables are made once', async () => {
    const batches = ['b1', 'b1', 'b1', 'b2', 'b3'];
    await Promise.all(batches.map((batchId) => aSink().store(batchId, [channels(2_500)], neverAborted)));
    for (const batchId of ['b1', 'b2', 'b3']) {
      await expect(countOf(database, 'channel_performance', batchId)).resolves.toBe(2_500);
    }
  });

  it('show all at once or not at all, over all analyses of a batch', async () => {
    const broken: StoredAnalysis = {
      analysis: 'fraud_analysis',
      rows: async function* () {
        for (let index = 0; index < 2_500; index += 1) yield await Promise.resolve(aRow('fraud_analysis'));
        throw new Error('Spark is gone');
      },
    };
    await expect(aSink().store('b1', [channels(3), broken], neverAborted)).rejects.toThrow('Spark is gone');
    await expect(countOf(database, 'channel_performance', 'b1')).resolves.toBe(0);
    await expect(countOf(database, 'fraud_analysis', 'b1')).resolves.toBe(0);
  });

  it('can be stored by a user who may only write into tables that are there', async () => {
    await aSink().store('b1', [channels(1)], neverAborted);
    const user = `writer_${crypto.randomUUID().slice(0, 8)}`;
    await database.query(`CREATE ROLE ${user} LOGIN PASSWORD 'w'`);
    try {
      await database.query(`GRANT USAGE ON SCHEMA ${schema} TO ${user}`);
      await database.query(`GRANT ALL ON ${schema}.channel_performance TO ${user}`);
      const writer = new PostgresSink({ ...settingsOf(database.url), user, password: 'w' });
      await writer.store('b2', [channels(2)], neverAborted);
      await expect(countOf(database, 'channel_performance', 'b2')).resolves.toBe(2);
      await expect(writer.store('b2', [stored('fraud_analysis', [])], neverAborted)).rejects.toThrow(
        /refuses the analyses \(42501: .*give JDBC_USER the right/,
      );
    } finally {
      await database.query(`DROP OWNED BY ${user}`);
      await database.query(`DROP ROLE ${user}`);
    }
  });
});
