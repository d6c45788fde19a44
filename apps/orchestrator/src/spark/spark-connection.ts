import { randomUUID } from 'node:crypto';
import { ServiceUnavailable } from '@millrace/domain';
import type { StoredSession, StreamRegistry } from '@millrace/domain';
import { Injectable, Logger } from '@nestjs/common';
import { DEFAULT_RETRY_POLICY, SparkSession } from 'spark-connect-js';
import { PeriodicTask } from '../periodic-task';
import { awaySentence, isSessionGone, isSparkUnreachable, summaryOf } from './session-errors';

const HEARTBEAT_INTERVAL_MS = 2_000;
const HEARTBEAT_DEADLINE_MS = 5_000;
/** The official clients wait up to a minute: too long to notice that a server on the same machine is back. */
const RETRY_POLICY = { ...DEFAULT_RETRY_POLICY, maxBackoffMs: 5_000 };
/** Half of the session's key on the server; the other half is the session id. */
const USER_ID = 'millrace';

/**
 * The one Spark Connect session of Millrace. Its ids are kept in the registry, because the streaming queries belong to
 * the session: after a restart of this process the same session is taken up again. When the server has lost it, a new
 * one is opened and `onOpened` listeners put their things back.
 */
@Injectable()
export class SparkConnection {
  private readonly logger = new Logger(SparkConnection.name);
  private readonly heartbeat = new PeriodicTask('The heartbeat of Spark', HEARTBEAT_INTERVAL_MS, () =>
    this.beat(),
  );
  private readonly openedListeners: ((session: SparkSession) => Promise<void>)[] = [];
  private readonly upListeners: ((isUp: boolean) => void)[] = [];
  private session: SparkSession | undefined;
  private stored: StoredSession | undefined;
  private isReady = false;
  private lastError: unknown;

  constructor(
    private readonly remote: string,
    private readonly registry: StreamRegistry,
  ) {}

  get isUp(): boolean {
    return this.isReady;
  }

  /** Why Spark is not up, as Spark or the connection says it. */
  get failure(): string | undefined {
    return this.lastError === undefined ? undefined : summaryOf(this.lastError);
  }

  /** @throws ServiceUnavailable while Spark cannot be reached. */
  require(): SparkSession {
    if (!this.isReady || this.session === undefined) {
      throw new ServiceUnavailable(awaySentence(this.lastError), { cause: this.lastError });
    }
    return this.session;
  }

  /** Called with each session that was opened or taken up again, before it is handed out. */
  onOpened(listener: (session: SparkSession) => Promise<void>): void {
    this.openedListeners.push(listener);
  }

  onUpChange(listener: (isUp: boolean) => void): void {
    this.upListeners.push(listener);
  }

  start(): void {
    this.heartbeat.start();
  }

  /** Closes the channel. The session stays on the server: releasing it would stop its streaming queries. */
  async close(): Promise<void> {
    await this.heartbeat.stop();
    this.setUp(false);
    await this.session?.close();
    this.session = undefined;
  }

  private async beat(): Promise<void> {
    try {
      const isNew = this.session === undefined;
      this.session ??= await this.openStored();
      await this.session.version({ deadlineMs: HEARTBEAT_DEADLINE_MS });
      await this.storeSession(this.session);
      if (isNew || !this.isReady) {
        await this.prepare(this.session);
      }
      this.lastError = undefined;
      this.setUp(true);
    } catch (error) {
      this.lastError = error;
      this.setUp(false);
      if (isSessionGone(error)) await this.forgetSession();
    }
  }

  /** One table that cannot be made ready is no reason to do without Spark. */
  private async prepare(session: SparkSession): Promise<void> {
    for (const listener of this.openedListeners) {
      try {
        await listener(session);
      } catch (error) {
        if (isSessionGone(error) || isSparkUnreachable(error)) throw error;
        this.logger.error({ err: error }, `Preparing the session failed: ${summaryOf(error)}`);
      }
    }
  }

  private async openStored(): Promise<SparkSession> {
    this.stored ??= await this.registry.loadSession();
    const { sessionId, serverSideSessionId } = this.stored ?? {
      sessionId: randomUUID(),
      serverSideSessionId: null,
    };
    const separator = this.remote.includes('/;') ? ';' : '/;';
    const builder = SparkSession.builder()
      .remote(`${this.remote}${separator}user_id=${USER_ID};session_id=${sessionId};user_agent=millrace`)
      .clientSettings({ retryPolicy: RETRY_POLICY });
    if (serverSideSessionId !== null) builder.serverSideSessionId(serverSideSessionId);
    return builder.build();
  }

  private async storeSession(session: SparkSession): Promise<void> {
    const serverSideSessionId = session.serverSideSessionId ?? null;
    if (
      this.stored?.sessionId === session.sessionId &&
      this.stored.serverSideSessionId === serverSideSessionId
    )
      return;
    const opened = { userId: USER_ID, sessionId: session.sessionId, serverSideSessionId };
    await this.registry.saveSession(opened);
    this.stored = opened;
    this.logger.log({ sessionId: session.sessionId }, 'Spark session opened');
  }

  private async forgetSession(): Promise<void> {
    this.logger.warn(`The Spark session is gone (${this.failure ?? 'no reason given'}): a new one is opened`);
    await this.session?.close();
    this.session = undefined;
    this.stored = { userId: USER_ID, sessionId: randomUUID(), serverSideSessionId: null };
  }

  private setUp(isUp: boolean): void {
    if (isUp === this.isReady) return;
    this.isReady = isUp;
    this.logger[isUp ? 'log' : 'warn'](isUp ? 'Spark is up' : `Spark is down: ${this.failure ?? 'closing'}`);
    for (const listener of this.upListeners) listener(isUp);
  }
}
