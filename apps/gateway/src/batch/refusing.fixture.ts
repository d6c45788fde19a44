import type { ErrorBody } from '@millrace/domain';
import { startBatchGateway } from '../gateway.fixture';

/** A gateway that is sent what it must refuse, and everything in which an accepted request would leave a trace. */
export async function startRefusing() {
  const { app, batches, orchestrator, queue, close } = await startBatchGateway();
  return {
    app,
    submit: (payload: string | Buffer, headers: Record<string, string> = {}) =>
      app.inject({
        method: 'POST',
        url: '/batch/run',
        headers: { 'content-type': 'application/json', ...headers },
        payload,
      }),
    expectNothingLeft: async () => {
      expect(await batches.list({ limit: 100 })).toMatchObject({ total: 0 });
      expect(queue.jobs).toEqual([]);
      expect(orchestrator.calls).toEqual([]);
    },
    close,
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
