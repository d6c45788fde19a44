import { ANALYSES, STORED_TRANSACTION_COLUMNS } from '@millrace/domain';
import type { ErrorBody } from '@millrace/domain';
import { tableFromIPC } from 'apache-arrow';
import { ResultsFixture, transactionsSql } from '../results.fixture';

const BATCH = 'batch-20250115-a3f8e2b1';
const RAW = `/batch/data/${BATCH}`;
const ROWS = 30;

interface Row {
  readonly transaction_id: string;
  readonly category: string;
}

interface PageBody {
  readonly rowCount: number;
  readonly page: { readonly total: number; readonly hasMore: boolean; readonly nextCursor?: string };
  readonly data: readonly Row[];
}

let results: ResultsFixture;

beforeEach(async () => {
  results = await ResultsFixture.create();
  results.register(results.completed(BATCH));
  const raw = await results.table(results.paths.raw(BATCH), STORED_TRANSACTION_COLUMNS, ['category']);
  const adds = await Promise.all(
    ['books', 'toys', null].map((category, file) =>
      raw.data(
        `${String(category)}.parquet`,
        transactionsSql(ROWS / 3, {
          transaction_id: `lpad((range * 3 + ${file})::VARCHAR, 3, '0')`,
          event_timestamp: `TIMESTAMPTZ '2025-01-15 00:00:00.000001+00' + to_seconds(range * 3 + ${file})`,
          city: `CASE WHEN range % 2 = 0 THEN 'Goa, "east"' END`,
          total_amount: "CASE WHEN range = 9 THEN 'NaN'::DOUBLE ELSE -range / 10.0 END",
          quantity: 'range',
          is_fraudulent: 'range = 1',
        }),
        { category },
      ),
    ),
  );
  await raw.commit(1, adds);
  const aggregated = await results.table(
    results.paths.aggregated(BATCH),
    ANALYSES.revenue_by_category.columns,
  );
  const sql = `SELECT * FROM (VALUES ('=1+1', 3.5::DOUBLE), ('@x "y"', NULL), (NULL, 'NaN')) AS t(category, total_revenue)`;
  await aggregated.commit(1, [await aggregated.data('a.parquet', sql)]);
});

afterEach(async () => {
  await results.close();
});

const ask = async (query: string) => {
  const answer = await results.get(`${RAW}?${query}`);
  return { ...answer.json<PageBody>(), headers: answer.headers, statusCode: answer.statusCode };
};
const idsOf = ({ data }: Pick<PageBody, 'data'>) => data.map((row) => row.transaction_id).join(' ');

describe('filters', () => {
  it.each([
    ['filter=category:eq:books&filter=quantity:lt:2', '000 003'],
    ['filter=category:null&filter=quantity:ge:8', '026 029'],
    ['filter=category:notnull&filter=quantity:eq:9', '027 028'],
    ['filter=category:in:books,toys&filter=quantity:le:0', '000 001'],
    ['filter=category:ne:books&filter=quantity:gt:8', '028'],
    ['filter=total_amount:gt:1000&filter=category:notnull', '027 028'],
    ['filter=city:eq:Goa, "east"&filter=quantity:in:1,2,3&filter=category:eq:books', '006'],
    ['filter=city:null&filter=quantity:eq:3&filter=category:eq:toys', '010'],
    ['filter=is_fraudulent:eq:true', '003 004 005'],
    ['filter=event_timestamp:ge:2025-01-15T00:00:28.000001Z', '028 029'],
    ['filter=event_timestamp:gt:2025-01-15T01:00:28.000001%2B01:00', '029'],
    ["filter=transaction_id:eq:' OR 1=1--", ''],
    ['filter=transaction_id:eq:', ''],
  ])('%s', async (query, ids) => {
    const { data, page, rowCount, headers } = await ask(query);
    expect(idsOf({ data })).toBe(ids);
    const total = ids === '' ? 0 : ids.split(' ').length;
    expect([page.total, rowCount, headers['x-total-count']]).toEqual([total, ROWS, String(total)]);
  });

  it.each([
    ['filter=category', 'must be column:operator:value'],
    ['filter=category:eq', 'must be column:operator:value'],
    ['filter=category:null:x', 'must be column:operator:value'],
    ['filter=category:like:x', 'must be column:operator:value'],
    ['filter=CATEGORY:eq:x', 'has no "CATEGORY"'],
    ['filter=quantity:eq:1.5', 'must compare quantity with a whole number'],
    ['filter=quantity:eq:2147483648', 'must compare quantity with a whole number'],
    ['filter=total_amount:gt:NaN', 'must compare total_amount with a number'],
    ['filter=is_fraudulent:eq:1', 'must compare is_fraudulent with true or false'],
    ['filter=event_timestamp:lt:2025-02-30T00:00:00Z', 'must compare event_timestamp with a time'],
    ['filter=event_timestamp:lt:2025-01-15T00:00:00', 'must compare event_timestamp with a time'],
    [`filter=category:in:${'x,'.repeat(100)}`, 'must have at most 100 values'],
    [Array.from({ length: 21 }, () => 'filter=category:null').join('&'), 'at most 20 times'],
  ])('that cannot be are refused: %s', async (query, message) => {
    const answer = await results.get(`${RAW}?${query}`);
    const { details } = answer.json<ErrorBody>();
    expect([answer.statusCode, details?.[0]?.message]).toEqual([400, expect.stringContaining(message)]);
    expect(details?.[0]?.path).toMatch(/^filter/);
  });
});

it.each(['filter=city:eq:M%FCnchen', 'columns=%', 'sort=%C3%28', 'limit=1&filter=city:ne:%ED%A0%80'])(
  'what is no UTF-8 is refused: %s',
  async (query) => {
    const answer = await results.get(`${RAW}?${query}`);
    const [detail] = answer.json<ErrorBody>().details ?? [];
    const [, name] = /([a-z]+)=[^=]*$/.exec(query) ?? [];
    expect([answer.statusCode, detail]).toEqual([
      400,
      { path: name, message: expect.stringContaining('must be UTF-8') as string },
    ]);
  },
);

describe('sort', () => {
  it.each([
    ['sort=-quantity&limit=4', '027 028 029 024'],
    ['sort=-total_amount&limit=4', '027 028 029 000'],
    ['sort=category,-quantity&limit=3', '029 026 023'],
    ['sort=-event_timestamp&limit=2', '029 028'],
    ['sort=-quantity&limit=2&offset=28', '001 002'],
    ['sort=-quantity&filter=category:eq:toys&limit=2', '028 025'],
  ])('%s', async (query, ids) => {
    expect(idsOf(await ask(query))).toBe(ids);
  });

  it.each(['sort=nothing', 'sort=', 'sort=-', 'sort=a,b,c,d,e,f'])('is refused: %s', async (query) => {
    const answer = await results.get(`${RAW}?${query}`);
    expect([answer.statusCode, answer.json<ErrorBody>().details?.[0]?.path]).toEqual([400, 'sort']);
  });
});

describe('cursors', () => {
  it.each(['', 'filter=category:notnull&', 'sort=-quantity&', 'columns=transaction_id&'])(
    'lead through all rows, each once: %s',
    async (query) => {
      const all = idsOf(await ask(`${query}limit=100`)).split(' ');
      const seen: string[] = [];
      for (let place = ''; ;) {
        const page = await ask(`${query}limit=7${place}`);
        seen.push(...idsOf(page).split(' '));
        const { nextCursor } = page.page;
        expect(nextCursor === undefined).toBe(!page.page.hasMore);
        if (nextCursor === undefined) break;
        expect(page.headers.link).toMatch(new RegExp(`^<\\?.*cursor=${nextCursor}>; rel="next"$`));
        place = `&cursor=${nextCursor}`;
      }
      expect(seen).toEqual(all);
    },
  );

  it('are followed by their link, whatever the format', async () => {
    const first = await results.get(`${RAW}?format=csv&columns=transaction_id&limit=2&offset=26`);
    const [, link] = /^<(.*)>/.exec(String(first.headers.link)) ?? [];
    const second = await results.get(`${RAW}${String(link)}`);
    expect([first.payload, second.payload]).toEqual([
      '"transaction_id"\r\n"026"\r\n"027"\r\n',
      '"transaction_id"\r\n"028"\r\n"029"\r\n',
    ]);
    expect(second.headers).not.toHaveProperty('link');
  });

  it('of other rows are refused, and what is none', async () => {
    const { page } = await ask('limit=2');
    const cursor = String(page.nextCursor);
    for (const query of [
      `sort=quantity&cursor=${cursor}`,
      `offset=2&cursor=${cursor}`,
      'cursor=x',
      'cursor=',
    ]) {
      const answer = await results.get(`${RAW}?${query}`);
      expect([answer.statusCode, answer.json<ErrorBody>().details?.[0]?.path]).toEqual([400, 'cursor']);
    }
  });
});

describe('CSV', () => {
  it('tells nulls from empty texts, and lets no spreadsheet calculate', async () => {
    const { payload, headers } = await results.get(
      `${RAW}/aggregated?format=csv&columns=category,total_revenue`,
    );
    expect(payload).toBe('"category","total_revenue"\r\n,NaN\r\n"\'=1+1",3.5\r\n"\'@x ""y""",\r\n');
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${BATCH}-revenue_by_category.csv"`,
      'x-total-count': '3',
    });
  });

  it('has instants and numbers as the JSON has them', async () => {
    const columns = 'transaction_id,event_timestamp,category,total_amount,city,is_fraudulent';
    const { payload } = await results.get(`${RAW}?columns=${columns}&limit=2&offset=4`, {
      accept: 'text/csv',
    });
    expect(payload.split('\r\n')).toEqual([
      '"transaction_id","event_timestamp","category","total_amount","city","is_fraudulent"',
      '"004",2025-01-15T00:00:04.000001Z,"toys",-0.1,,true',
      '"005",2025-01-15T00:00:05.000001Z,,-0.1,,true',
      '',
    ]);
  });
});

it('a stream of Arrow has the rows of the page, with their types', async () => {
  const { rawPayload, headers, statusCode } = await results.get(
    `${RAW}?sort=-quantity&filter=category:notnull&columns=transaction_id,quantity`,
    { accept: 'application/vnd.apache.arrow.stream' },
  );
  const rows = tableFromIPC(rawPayload);
  expect(statusCode).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/vnd.apache.arrow.stream',
    'content-disposition': `attachment; filename="${BATCH}-raw.arrows"`,
    'x-total-count': '20',
  });
  expect([rows.numRows, rows.get(0)?.toJSON()]).toEqual([20, { transaction_id: '027', quantity: 9 }]);
});

it('a report has them of one analysis', async () => {
  results.register(results.completed(BATCH, { analysisType: 'full_report' }));
  for (const query of ['filter=category:null', 'sort=category', 'cursor=x', 'format=csv', 'format=arrow']) {
    const answer = await results.get(`${RAW}/aggregated?${query}`);
    expect([answer.statusCode, answer.json<ErrorBody>().details?.[0]?.path]).toEqual([
      400,
      query.split('=')[0],
    ]);
  }
});
