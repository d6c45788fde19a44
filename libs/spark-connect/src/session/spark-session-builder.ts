import { randomUUID } from 'node:crypto';
import { parseConnectionString } from '../channel/connection-string';
import { GrpcChannel } from '../channel/grpc-channel';
import { BackgroundReleases } from '../execute/background-release';
import { DEFAULT_CLIENT_SETTINGS, type ClientSettings } from './client-settings';
import { clientTypeOf } from './client-type';
import { InitialConf } from './initial-conf';
import { SessionIdentity } from './session-identity';
import { SparkConnectClient } from './spark-connect-client';

export const SCHEDULER_POOL_HEADER = 'x-spark-scheduler-pool';

const DEFAULT_USER_ID = 'spark-connect-js';

/** Collects what a session needs; `build` opens nothing yet. */
export class SparkSessionBuilder<Session> {
  private remoteText = 'sc://localhost';
  private observedId: string | undefined;
  private settings: ClientSettings = DEFAULT_CLIENT_SETTINGS;
  private readonly headers: Record<string, string> = {};
  private readonly conf: Record<string, string> = {};

  constructor(private readonly make: (client: SparkConnectClient) => Session) {}

  /** An `sc://host:port/;key=value` connection string. */
  remote(connectionString: string): this {
    this.remoteText = connectionString;
    return this;
  }

  /** Sets a conf of the session, sent before its first request. */
  config(key: string, value: string | number | boolean): this {
    this.conf[key] = String(value);
    return this;
  }

  /** The pool of every request, for servers that honour the header `x-spark-scheduler-pool`. */
  schedulerPool(pool: string): this {
    this.headers[SCHEDULER_POOL_HEADER] = pool;
    return this;
  }

  /** The id an earlier process observed: a server that no longer has that session then answers `SessionChangedError`. */
  serverSideSessionId(observedId: string | undefined): this {
    this.observedId = observedId;
    return this;
  }

  /** Deadlines and the retry policy. */
  clientSettings(settings: Partial<ClientSettings>): this {
    this.settings = { ...this.settings, ...settings };
    return this;
  }

  /** @throws TypeError when the connection string is wrong. */
  build(): Session {
    const connection = parseConnectionString(this.remoteText);
    const identity = new SessionIdentity(
      connection.userId ?? DEFAULT_USER_ID,
      connection.sessionId ?? randomUUID(),
      clientTypeOf(connection.userAgent),
      this.observedId,
    );
    const parts = {
      channel: new GrpcChannel(connection),
      identity,
      settings: this.settings,
      releases: new BackgroundReleases(),
      initialConf: new InitialConf({ ...this.conf }),
    };
    return this.make(new SparkConnectClient(parts, { ...this.headers }));
  }
}
