import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ensureHistory } from './history';
import { endpoints, settled } from './stack-under-test';
import { ensureStreaming, produce } from './streaming';

jest.setTimeout(180_000);

const run = promisify(execFile);

/** Runs a command of the seed documents as it stands there, against the port that this stack has. */
async function sh<T = Record<string, unknown>>(command: string): Promise<T> {
  const { stdout } = await run('sh', ['-c', command.replaceAll('http://localhost:8080', endpoints.gateway)]);
  return JSON.parse(stdout) as T;
}

describe('the curl lines of the seed documents', () => {
  beforeAll(ensureHistory);

  it('start the stream', async () => {
    const answer = await sh(`curl -X POST http://localhost:8080/stream/start \\
  -H "Content-Type: application/json" \\
  -d '{"topic": "transactions-stream"}'`);
    // Another spec may have started it: then the conflict is the right answer.
    if (answer['error'] === undefined) {
      expect(answer).toEqual({ status: 'started', queryIds: [expect.any(String), expect.any(String)] });
    } else {
      expect(answer['error']).toBe('STREAM_ALREADY_RUNNING');
    }
  });

  it('submit a batch and read it back by its id', async () => {
    const submitted = await sh<{
      batchId: string;
      status: string;
    }>(`curl -X POST http://localhost:8080/batch/run \\
  -H "Content-Type: application/json" \\
  -d '{
    "startDate": "2025-01-01",
    "endDate": "2025-01-15",
    "analysisType": "revenue_by_category"
  }'`);
    expect(submitted).toMatchObject({ status: 'PENDING' });
    expect(submitted.batchId).toMatch(/^batch-\d{8}-[0-9a-f]{8}$/);
    await settled(submitted.batchId);
    expect(await sh(`curl http://localhost:8080/batch/status/${submitted.batchId}`)).toMatchObject({
      batchId: submitted.batchId,
      status: 'COMPLETED',
      errorMessage: null,
    });
    expect(
      await sh(`curl "http://localhost:8080/batch/data/${submitted.batchId}?limit=50&offset=0"`),
    ).toMatchObject({
      batchId: submitted.batchId,
      page: { limit: 50, offset: 0 },
    });
    expect(await sh(`curl http://localhost:8080/batch/data/${submitted.batchId}/aggregated`)).toMatchObject({
      batchId: submitted.batchId,
      analysisType: 'revenue_by_category',
    });
  });

  it('submit a batch over a topic and read it back by its id', async () => {
    await produce(50, 7, 'transactions-batch');
    const submitted = await sh<{
      batchId: string;
      status: string;
    }>(`curl -X POST http://localhost:8080/batch/run \\
  -H "Content-Type: application/json" \\
  -d '{
    "topic": "transactions-batch",
    "startOffset": "earliest",
    "endOffset": "latest",
    "analysisType": "revenue_by_category"
  }'`);
    expect(submitted).toMatchObject({ status: 'PENDING' });
    await settled(submitted.batchId);
    expect(await sh(`curl http://localhost:8080/batch/status/${submitted.batchId}`)).toMatchObject({
      batchId: submitted.batchId,
      status: 'COMPLETED',
      topic: 'transactions-batch',
      startOffset: 'earliest',
      endOffset: 'latest',
    });
    expect(await sh(`curl http://localhost:8080/batch/data/${submitted.batchId}/aggregated`)).toMatchObject({
      batchId: submitted.batchId,
      analysisType: 'revenue_by_category',
    });
  });

  it('submit with filters', async () => {
    const submitted = await sh<{ batchId: string }>(`curl -X POST http://localhost:8080/batch/run \\
  -H "Content-Type: application/json" \\
  -d '{
    "startDate": "2025-01-01",
    "endDate": "2025-01-15",
    "analysisType": "customer_segmentation",
    "filters": {
      "category": "electronics",
      "region": "west"
    }
  }'`);
    expect((await settled(submitted.batchId)).status).toBe('COMPLETED');
  });

  it('list the batches and tell the health', async () => {
    const list = await sh<{ total: number; batches: { status: string }[] }>(
      `curl "http://localhost:8080/batch/list?status=COMPLETED"`,
    );
    expect(list.total).toBeGreaterThanOrEqual(list.batches.length);
    expect(new Set(list.batches.map(({ status }) => status))).toEqual(new Set(['COMPLETED']));
    expect(await sh('curl http://localhost:8080/health')).toMatchObject({ status: 'healthy', spark: true });
  });

  it('stop the stream', async () => {
    await ensureStreaming();
    expect(await sh('curl -X POST http://localhost:8080/stream/stop')).toEqual({
      status: 'stopped',
      queriesStopped: 2,
    });
    await ensureStreaming();
  });
});
