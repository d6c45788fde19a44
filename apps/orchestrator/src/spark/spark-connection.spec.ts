import type { StreamRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { ConnectionUnavailableError, SessionChangedError } from 'spark-connect-js';
import { until } from '../until.fixture';
import { SparkConnection } from './spark-connection';

const NOWHERE = 'sc://127.0.0.1:1';
const CHANGED = new SessionChangedError(
  '[INVALID_HANDLE.SESSION_CHANGED] The handle 11 is invalid. Session has been changed; build a new session with a new session id',
  { errorClass: 'INVALID_HANDLE.SESSION_CHANGED' },
);
const REFUSED = new ConnectionUnavailableError('14 UNAVAILABLE: connect ECONNREFUSED 127.0.0.1:15002');

/** Every heartbeat of it fails so. */
function connectionThatMeets(error: Error): SparkConnection {
  const registry = { loadSession: () => Promise.reject(error) } as unknown as StreamRegistry;
  return new SparkConnection(NOWHERE, registry);
}

function refusalOf(connection: SparkConnection): unknown {
  try {
    return connection.require();
  } catch (error) {
    return error;
  }
}

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('asking for the session while Spark is down', () => {
  it('tells that Spark has not answered yet', () => {
    expect(refusalOf(connectionThatMeets(REFUSED))).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: 'Spark has not answered yet; try again in a moment',
    });
  });

  it.each([
    ['was restarted', CHANGED, 'Spark has been restarted and is not ready yet; try again in a moment'],
    [
      'cannot be reached',
      REFUSED,
      'Spark does not answer: it is stopped, starting or busy; try again in a moment',
    ],
  ])(
    'tells that it %s, in words for the caller, and keeps those of Spark for the log',
    async (_what, error, message) => {
      const connection = connectionThatMeets(error);
      connection.start();
      await until(() => connection.failure !== undefined, 5_000);
      expect(refusalOf(connection)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message, cause: error });
      expect(connection.failure).toBe(error.message);
      await connection.close();
    },
  );
});
