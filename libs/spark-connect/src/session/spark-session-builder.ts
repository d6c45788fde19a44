import { randomUUID } from 'node:crypto';
import { parseConnectionString } from '../channel/connection-string';
import type { ChannelSecurity, TlsSettings } from '../channel/channel-security';
import { GrpcChannel } from '../channel/grpc-channel';
import { BackgroundReleases } from '../execute/background-release';
import { DEFAULT_CLIENT_SETTINGS, type ClientSettings } from './client-settings';
import { StreamingQueryListenerBus } from '../streaming/streaming-query-listener-bus';
import { clientTypeOf } from './client-type';
import { LocalDataCache } from './local-data-cache';
import { OperationTags } from './operation-tags';
import { SessionIdentity } from './session-identity';
import { SessionPreparation } from './session-preparation';
import { SparkConnectClient } from './spark-connect-client';

export const SCHEDULER_POOL_HEADER = 'x-spark-scheduler-pool';

const DEFAULT_USER_ID = 'spark-connect-js';

/** Collects what a session needs; `build` opens nothing yet. */
export class SparkSessionBuilder<Session> {
  // Truly private: a builder that is logged must not show the token.
  #remoteText = 'sc://localhost';
  private security: ChannelSecurity = {};
  private observedId: string | undefined;
  private settings: ClientSettings = DEFAULT_CLIENT_SETTINGS;
  private readonly headers: Record<string, string> = {};
  private readonly conf: Record<string, string> = {};

  constructor(private readonly make: (client: SparkConnectClient) => Session) {}

  /** An `sc://host:port/;key=value` connection string. */
  remote(connectionString: string): this {
    this.#remoteText = connectionString;
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

  /** Connects by TLS (as `use_ssl=true` does), with these certificates. */
  tls(settings: TlsSettings = {}): this {
    this.security = { ...this.security, tls: settings };
    return this;
  }

  /** Allows a token to travel in clear text to another machine: for networks that are protected otherwise. */
  allowInsecureToken(): this {
    this.security = { ...this.security, allowInsecureToken: true };
    return this;
  }

  /**
   * @throws TypeError when the connection string is wrong, a certificate cannot be used, or a token would cross the network in clear
   * text (towards this machine it may).
   */
  build(): Session {
    const connection = parseConnectionString(this.#remoteText);
    const clientType = clientTypeOf(connection.userAgent);
    const identity = new SessionIdentity(
      connection.userId ?? DEFAULT_USER_ID,
      connection.sessionId ?? randomUUID(),
      clientType,
      this.observedId,
    );
    const parts = {
      channel: new GrpcChannel(connection, {
        ...this.security,
        connectTimeoutMs: this.settings.connectTimeoutMs,
        userAgent: clientType,
      }),
      identity,
      settings: this.settings,
      releases: new BackgroundReleases(),
      preparation: new SessionPreparation({ ...this.conf }),
      tags: new OperationTags(),
      localData: new LocalDataCache(),
      listenerBus: new StreamingQueryListenerBus(),
    };
    return this.make(new SparkConnectClient(parts, { ...this.headers }));
  }
}
