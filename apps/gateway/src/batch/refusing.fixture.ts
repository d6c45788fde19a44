import type { ErrorBody } from '@millrace/domain';
import { InMemoryBatchRegistry, InMemoryStreamRegistry } from '@millrace/testing';
import { startNeighbour, startTestGateway } from '../gateway.fixture';

/** A gateway that is sent what it must refuse, and everything in which an accepted request would leave a trace. */
export async function startRefusing() {
  const orchestrator = await startNeighbour();
  const batches = new InMemoryBatchRegistry();
  const gateway = await startTestGateway(
    { batches, streams: new InMemoryStreamRegistry() },
    { ORCHESTRATOR_URL: orchestrator.url },
  );
  return {
    app: gateway.app,
    submit: (payload: string | Buffer, headers: Record<string, string> = {}) =>
      gateway.app.inject({
        method: 'POST',
        url: '/batch/run',
        headers: { 'content-type': 'application/json', ...headers },
        payload,
      }),
    expectNothingLeft: async () => {
      expect(await batches.list({ limit: 100 })).toMatchObject({ total: 0 });
      expect(gateway.queue.jobs).toEqual([]);
      expect(orchestrator.calls).toEqual([]);
    },
    close: async () => {
      await gateway.app.close();
      await orchestrator.close();
    },
  };
}

export type Refusing = Awaited<ReturnType<typeof startRefusing>>;

/** Checks the error body and gives the fields that it names. */
export function fieldsOfRefusal(
  response: { readonly statusCode: number; json(): unknown },
  status: number,
): string[] {
  expect(response.statusCode).toBe(status);
  const { error, message, timestamp, details = [] } = response.json() as ErrorBody;
  expect(error).toMatch(/^[A-Z_]+$/);
  expect(message).not.toBe('');
  expect(Date.parse(timestamp)).not.toBeNaN();
  return details.map((detail) => detail.path).filter((path) => path !== '');
}
