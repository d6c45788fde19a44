import { randomUUID } from 'node:crypto';
import { parseConnectionString } from '../channel/connection-string';
import type { ChannelSecurity, TlsSettings } from '../channel/channel-security';
import { GrpcChannel } from '../channel/grpc-channel';
import { requestHeaders } from '../channel/request-headers';
import {
  changedSettings,
  DEFAULT_CLIENT_SETTINGS,
  type ClientSettings,
  type ClientSettingsChange,
} from './client-settings';
import { clientTypeOf } from './client-type';
import { defaultRemote } from './config';
import { SessionIdentity } from './session-identity';
import { newSessionParts } from './session-parts';
import { SparkConnectClient } from './spark-connect-client';

export const SCHEDULER_POOL_HEADER = 'x-spark-scheduler-pool';

const DEFAULT_USER_ID = 'spark-connect-js';

/** Collects what a session needs; `build` opens nothing yet. Mirrors `org.apache.spark.sql.SparkSession.Builder`. */
export class SparkSessionBuilder<Session> {
  // Truly private: a builder that is logged must show neither token nor key, and a conf or header may be a secret, too.
  #remoteText: string | undefined;
  #security: ChannelSecurity = {};
  readonly #headers: Record<string, string> = {};
  readonly #conf: Record<string, string> = {};
  private observedId: string | undefined;
  private settings: ClientSettings = DEFAULT_CLIENT_SETTINGS;

  constructor(private readonly make: (client: SparkConnectClient) => Session) {}

  /**
   * An `sc://host:port/;key=value` connection string. Without one `build` takes that of the environment variable `SPARK_REMOTE`, else
   * `sc://localhost:15002`.
   */
  remote(connectionString: string): this {
    this.#remoteText = connectionString;
    return this;
  }

  /** Sets a conf of the session, sent before its first request. */
  config(key: string, value: string | number | boolean): this {
    this.#conf[key] = String(value);
    return this;
  }

  /**
   * The pool of every request, for servers that honour the header `x-spark-scheduler-pool`.
   * @throws TypeError when it is not printable ASCII.
   */
  schedulerPool(pool: string): this {
    Object.assign(this.#headers, requestHeaders([[SCHEDULER_POOL_HEADER, pool]]));
    return this;
  }

  /** The id an earlier process observed: a server that no longer has that session then answers `SessionChangedError`. */
  serverSideSessionId(observedId: string | undefined): this {
    this.observedId = observedId;
    return this;
  }

  /** Deadlines and the retry policy; what is undefined is left as it was. @throws TypeError naming a setting that cannot be. */
  clientSettings(settings: ClientSettingsChange): this {
    this.settings = changedSettings(this.settings, settings);
    return this;
  }

  /** Connects by TLS (as `use_ssl=true` does), with these certificates. */
  tls(settings: TlsSettings = {}): this {
    this.#security = { ...this.#security, tls: settings };
    return this;
  }

  /** Allows a token to travel in clear text to another machine: for networks that are protected otherwise. */
  allowInsecureToken(): this {
    this.#security = { ...this.#security, allowInsecureToken: true };
    return this;
  }

  /**
   * Always makes a session of this process's own, with its own connection; there is no `getOrCreate`, as a session belongs to whoever
   * made it and can be handed on. To join one that is there already (of another process, too) name it: `user_id` and `session_id` of the
   * connection string.
   * @throws TypeError when the connection string is wrong, a certificate cannot be used, or a token would cross the network in clear
   * text (towards this machine it may).
   */
  build(): Session {
    const connection = parseConnectionString(this.#remoteText ?? defaultRemote());
    const clientType = clientTypeOf(connection.userAgent);
    const identity = new SessionIdentity(
      connection.userId ?? DEFAULT_USER_ID,
      connection.sessionId ?? randomUUID(),
      clientType,
      this.observedId,
    );
    const origin = {
      channel: new GrpcChannel(connection, {
        ...this.#security,
        connectTimeoutMs: this.settings.connectTimeoutMs,
        userAgent: clientType,
      }),
      identity,
      settings: this.settings,
    };
    const parts = newSessionParts(origin, { ...this.#conf });
    return this.make(new SparkConnectClient(parts, { ...this.#headers }));
  }
}
