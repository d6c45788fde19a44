import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { sendJson, startNeighbour, startTestGateway } from '../gateway.fixture';
import type { NeighbourService, TestGateway } from '../gateway.fixture';

let orchestrator: NeighbourService;
let gateway: TestGateway;

beforeEach(async () => {
  orchestrator = await startNeighbour();
  gateway = await startTestGateway(
    { batches: new InMemoryBatchRegistry(), streams: new InMemoryStreamRegistry() },
    { ORCHESTRATOR_URL: orchestrator.url },
  );
});

afterEach(async () => {
  await orchestrator.close();
});

const stop = () => gateway.app.inject({ method: 'POST', url: '/stop' });

describe('POST /stop', () => {
  it('answers at once, drains the orchestrator and ends with code 0', async () => {
    orchestrator.on('POST /internal/drain', sendJson(200, { status: 'drained' }));
    const response = await stop();
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ status: 'shutting_down' });
    await gateway.service.drain.request('the spec waits for it');
    expect(orchestrator.calls.map((call) => call.line)).toEqual(['POST /internal/drain']);
    expect(gateway.exitCodes).toEqual([0]);
  });

  it('changes nothing when it is asked again', async () => {
    orchestrator.on('POST /internal/drain', sendJson(200, {}));
    await Promise.all([stop(), stop()]);
    await gateway.service.drain.request('the spec waits for it');
    expect(orchestrator.calls).toHaveLength(1);
    expect(gateway.exitCodes).toEqual([0]);
  });

  it('ends well when the orchestrator is away already', async () => {
    await orchestrator.close();
    await stop();
    await gateway.service.drain.request('the spec waits for it');
    expect(gateway.exitCodes).toEqual([0]);
  });

  it('does not drain the orchestrator when only this process is told to end', async () => {
    await gateway.service.drain.request('SIGTERM');
    expect(orchestrator.calls).toEqual([]);
    expect(gateway.exitCodes).toEqual([0]);
  });
});
