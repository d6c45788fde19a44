import { streamedTableColumns } from '@millrace/domain';
import type { StreamedAnalysis } from '@millrace/domain';
import { ResultsFixture } from '../results.fixture';

let results: ResultsFixture;

beforeEach(async () => {
  results = await ResultsFixture.create();
});

afterEach(async () => {
  await results.close();
});

/** The table as the sink keeps it, one file; each row is SQL. */
async function kept(name: StreamedAnalysis, ...rows: readonly string[]) {
  const table = await results.table(results.paths[name], streamedTableColumns(name));
  if (rows.length === 0) return;
  await table.commit(1, [
    await table.data('rows.parquet', rows.map((row) => `SELECT ${row}`).join(' UNION ALL ')),
  ]);
}

const payment = (method: string, network: string, count: number, revenue: number, second = 0) =>
  `'${method}' AS payment_method, ${network}::VARCHAR AS card_network, ${count}::BIGINT AS transaction_count,
   ${revenue}::DOUBLE AS total_revenue, ${revenue / count}::DOUBLE AS avg_transaction_value, 1::BIGINT AS unique_customers,
   TIMESTAMPTZ '2026-11-22 10:00:0${second}+00' AS as_of`;

describe('GET /stream/analyses/:name', () => {
  it('answers the rows of the table with their shares, in the order of the batch analysis', async () => {
    await kept(
      'payment_analysis',
      payment('upi', 'NULL', 2, 25, 3),
      payment('credit_card', `'visa'`, 5, 50, 7),
      payment('credit_card', `'amex'`, 2, 25),
    );
    const response = await results.get('/stream/analyses/payment_analysis');
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({ 'x-total-count': '3', 'delta-table-version': '1' });
    expect(response.json()).toEqual({
      analysis: 'payment_analysis',
      version: 1,
      asOf: '2026-11-22T10:00:07.000Z',
      page: { limit: 100, offset: 0, returned: 3, hasMore: false, total: 3 },
      data: [
        {
          payment_method: 'credit_card',
          card_network: 'visa',
          transaction_count: 5,
          total_revenue: 50,
          avg_transaction_value: 10,
          unique_customers: 1,
          revenue_share_pct: 50,
        },
        expect.objectContaining({
          payment_method: 'credit_card',
          card_network: 'amex',
          revenue_share_pct: 25,
        }),
        expect.objectContaining({ payment_method: 'upi', card_network: null, revenue_share_pct: 25 }),
      ],
    });
  });

  it('gives a page of them, whose shares are still parts of all', async () => {
    await kept('payment_analysis', payment('upi', 'NULL', 3, 25), payment('cod', 'NULL', 1, 75));
    const response = await results.get('/stream/analyses/payment_analysis?limit=1&offset=1');
    expect(response.json()).toMatchObject({
      page: { limit: 1, offset: 1, returned: 1, hasMore: false, total: 2 },
      data: [{ payment_method: 'cod', revenue_share_pct: 75 }],
    });
    const beyond = await results.get('/stream/analyses/payment_analysis?limit=1&offset=5');
    expect(beyond.json()).toMatchObject({ page: { returned: 0, hasMore: false }, data: [] });
  });

  it('has no rows and no time before the first event', async () => {
    await kept('revenue_by_category');
    const response = await results.get('/stream/analyses/revenue_by_category');
    expect(response.json()).toMatchObject({ version: 0, asOf: null, data: [] });
  });

  it('tells how an analysis comes to be kept where none is', async () => {
    const response = await results.get('/stream/analyses/channel_performance');
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({
      error: 'TABLE_NOT_FOUND',
      message:
        'No stream has kept channel_performance yet: stop the stream and start it with "analyses": ["channel_performance"]',
    });
  });

  it.each(['hourly_trends', '..%2f..%2fetc', 'transactions'])('knows no analysis %s', async (name) => {
    expect((await results.get(`/stream/analyses/${name}`)).statusCode).toBe(404);
  });

  it.each(['?limit=-1', '?limit=x', '?order=1'])('refuses %s', async (query) => {
    await kept('revenue_by_category');
    expect((await results.get(`/stream/analyses/revenue_by_category${query}`)).statusCode).toBe(400);
  });
});
