import { aBatch, aRequester, aUuid, InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';
import { cursorAfter, readCursor } from './list-cursor';

const day = (number: number) => new Date(`2025-01-0${String(number)}T12:00:00Z`);

const KNOWN = [
  aBatch({
    uuid: aUuid(1),
    submitTime: day(1),
    status: 'COMPLETED',
    labels: { team: 'pricing', tier: 'a:b', note: 'why?' },
  }),
  aBatch({ uuid: aUuid(2), submitTime: day(2), status: 'FAILED', labels: { team: 'pricing', note: 'why?' } }),
  aBatch({ uuid: aUuid(3), submitTime: day(3), analysisType: 'full_report' }),
  aBatch({ uuid: aUuid(4), submitTime: day(4), requestedBy: aRequester({ client: 'nightly' }) }),
];
const IDS = KNOWN.map(({ batchId }) => batchId);
const idsOf = (...numbers: number[]) => numbers.map((number) => IDS[number - 1]);

interface ListBody {
  readonly total: number;
  readonly batches: { batchId: string }[];
  readonly nextCursor: string | null;
  readonly next: string | null;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    batches: new InMemoryBatchRegistry(KNOWN),
    streams: new InMemoryStreamRegistry(),
  });
});

afterAll(() => gateway.app.close());

const list = async (query: string) => {
  const response = await gateway.app.inject(`/batch/list?${query}`);
  const body = response.json<ListBody>();
  return { response, body, ids: (body.batches as ListBody['batches'] | undefined)?.map((it) => it.batchId) };
};

describe('GET /batch/list', () => {
  it('lists the newest first and counts all', async () => {
    const { body, ids } = await list('limit=2');
    expect(body.total).toBe(4);
    expect(ids).toEqual(idsOf(4, 3));
  });

  it.each([
    ['', idsOf(4, 3, 2, 1)],
    ['status=&limit=20', idsOf(4, 3, 2, 1)],
    ['label=', idsOf(4, 3, 2, 1)],
    ['label=&label=team:pricing', idsOf(2, 1)],
    ['status=COMPLETED', idsOf(1)],
    ['analysisType=full_report', idsOf(3)],
    ['from=2025-01-02T12:00:00Z', idsOf(4, 3, 2)],
    ['to=2025-01-02T12:00:00Z', idsOf(1)],
    ['from=2025-01-02&to=2025-01-04', idsOf(3, 2)],
    ['from=2025-01-02T13:00:00%2B01:00&to=2025-01-03', idsOf(2)],
    ['label=team:pricing', idsOf(2, 1)],
    ['label=team:pricing&label=tier:a:b', idsOf(1)],
    ['label=constructor:x', []],
    ['client=nightly', idsOf(4)],
    ['client=nobody', []],
    ['limit=1001', idsOf(4, 3, 2, 1)],
    ['limit=99999999999999', idsOf(4, 3, 2, 1)],
    [`limit=${'9'.repeat(400)}`, idsOf(4, 3, 2, 1)],
  ])('filters by ?%s', async (query, ids) => {
    const found = await list(query);
    expect(found.response.statusCode).toBe(200);
    expect(found.ids).toEqual(ids);
    expect(found.body.total).toBe(ids.length);
  });

  it('goes on from page to page with the same filters, to the end', async () => {
    const first = await list('limit=1&label=team:pricing');
    expect(first).toMatchObject({ ids: idsOf(2), body: { total: 2 } });
    expect(first.response.headers['link']).toBe(`<${first.body.next ?? ''}>; rel="next"`);
    const second = await list((first.body.next ?? '').split('?')[1] ?? '');
    expect(second).toMatchObject({ ids: idsOf(1), body: { total: 2, nextCursor: null, next: null } });
    expect(second.response.headers).not.toHaveProperty('link');
    const byCursor = await list(`limit=1&label=team:pricing&cursor=${first.body.nextCursor ?? ''}`);
    expect(byCursor.ids).toEqual(idsOf(1));
  });

  it('keeps a filter with a question mark in it', async () => {
    const first = await list('label=note:why?&limit=1');
    expect(first).toMatchObject({ ids: idsOf(2), body: { total: 2 } });
    const second = await list(new URL(first.body.next ?? '', 'http://localhost').search.slice(1));
    expect(second).toMatchObject({ ids: idsOf(1), body: { total: 2, nextCursor: null } });
  });

  it.each([
    ['status=DONE', 'status'],
    ['status=PENDING&status=FAILED', 'status'],
    ['analysisType=all', 'analysisType'],
    ['limit=-1', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=0', 'limit'],
    ['limit=NaN', 'limit'],
    ['limit=0x10', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['limit[]=1', 'limit[]'],
    ['offset=1', 'offset'],
    ['page=2', 'page'],
    ['from=yesterday', 'from'],
    ['from=2025-02-30', 'from'],
    ['from=2016-12-31T23:59:60Z', 'from'],
    ['from=%2B275760-09-13', 'from'],
    ['from=2025-01-02&to=2025-01-01', 'to'],
    ['label=team', 'label.0'],
    ['label=Team:x', 'label.0'],
    ['label=__proto__:x', 'label.0'],
    ['label=team:%00', 'label.0'],
    ['label=team:a&label=team:b', 'label'],
    ['client=a%20b', 'client'],
    ['cursor=abc', 'cursor'],
    ['cursor=%00', 'cursor'],
    [`cursor=${Buffer.from('[1,"../../etc"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('[1e400,"batch-20250101-00000001"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('[ 1,"batch-20250101-00000001"]').toString('base64url')}`, 'cursor'],
    ['__proto__=1', '__proto__'],
    ['constructor=1', 'constructor'],
  ])('refuses ?%s', async (query, field) => {
    const { response } = await list(query);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: field }] });
  });
});

describe('the cursor of a page', () => {
  it('is the place of a batch', () => {
    const [batch = aBatch()] = KNOWN;
    const { submitTime, batchId } = batch;
    expect(readCursor(cursorAfter(batch))).toEqual({ submitTime, batchId });
  });
});
