import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import * as fc from 'fast-check';
import type { ErrorBody } from '@millrace/domain';
import { startTestGateway } from '../gateway.fixture';
import type { TestGateway } from '../gateway.fixture';

const RUNS = 300;
const VALID = { startDate: '2025-01-01', endDate: '2025-01-15', analysisType: 'revenue_by_category' };
const FIELDS = [
  ...['startDate', 'endDate', 'analysisType', 'filters', 'labels', 'sinks', 'timeoutSeconds', 'webhookUrl'],
  ...['next', 'source', 'sourceVersion', 'sourceTimestamp', 'topic', 'startOffset', 'endOffset'],
];

let batches: InMemoryBatchRegistry;
let gateway: TestGateway;

beforeAll(async () => {
  batches = new InMemoryBatchRegistry();
  gateway = await startTestGateway({ batches, streams: new InMemoryStreamRegistry() });
});

afterAll(() => gateway.app.close());

/** Never a failure of ours; a refusal names a field; nothing is kept but what is accepted. */
async function expectGoodManners(payload: string): Promise<void> {
  const before = await batches.list({ limit: 1 });
  const headers = { 'content-type': 'application/json' };
  const response = await gateway.app.inject({ method: 'POST', url: '/batch/run', headers, payload });
  // Without an orchestrator 503 is the right answer to what needs one.
  expect([202, 400, 413, 503]).toContain(response.statusCode);
  if (response.statusCode === 400) {
    expect(response.json<ErrorBody>().details?.some(({ path }) => path !== '')).toBe(true);
  }
  const kept = response.statusCode === 202 ? 1 : 0;
  expect((await batches.list({ limit: 1 })).total).toBe(before.total + kept);
}

describe('POST /batch/run', () => {
  it('stands any JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), (text) => expectGoodManners(text)),
      { numRuns: RUNS },
    );
  });

  it('stands any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), (text) => expectGoodManners(text)),
      { numRuns: RUNS },
    );
  });

  it('stands any value in any field', async () => {
    const field = fc.constantFrom(...FIELDS);
    await fc.assert(
      fc.asyncProperty(field, fc.jsonValue(), (name, value) =>
        expectGoodManners(JSON.stringify({ ...VALID, [name]: value })),
      ),
      { numRuns: RUNS },
    );
  });

  it('stands any filter, label and offset', async () => {
    const entries = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
    await fc.assert(
      fc.asyncProperty(entries, entries, entries, async (filters, labels, startOffset) => {
        await expectGoodManners(JSON.stringify({ ...VALID, filters, labels }));
        const kafka = { topic: 'transactions-batch', endOffset: 'latest', analysisType: 'hourly_trends' };
        await expectGoodManners(JSON.stringify({ ...kafka, startOffset }));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('GET /batch/list', () => {
  it('stands any query', async () => {
    const names = fc.constantFrom(
      'status',
      'limit',
      'cursor',
      'from',
      'to',
      'label',
      'client',
      'analysisType',
      'x',
    );
    const query = fc.array(fc.tuple(names, fc.string({ unit: 'binary' })), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(query, async (parameters) => {
        const response = await gateway.app.inject(
          `/batch/list?${new URLSearchParams(parameters).toString()}`,
        );
        expect([200, 400]).toContain(response.statusCode);
      }),
      { numRuns: RUNS },
    );
  });
});
