import { randomUUID } from 'node:crypto';
import { SparkServer, type SparkServerOptions } from '@millrace/testing';
import { SparkSession } from '../session/spark-session';
import type { SparkSessionBuilder } from '../session/spark-session-builder';

const FIRST_ANSWER_LIMIT_MS = 120_000;

/** A Spark Connect server for one spec, which may kill it. Call `stop` in `afterAll`; a spec that dies leaves nothing either. */
export class OwnServer {
  private constructor(private readonly server: SparkServer) {}

  /** Starts one and waits until it has answered a request. */
  static async start(options: SparkServerOptions = {}): Promise<OwnServer> {
    const own = new OwnServer(await SparkServer.start(options));
    await own.answers();
    return own;
  }

  /** `sc://host:port` */
  get remote(): string {
    return this.server.remote;
  }

  get port(): number {
    return this.server.port;
  }

  /** Base URL of Spark's UI and of its REST API. */
  get ui(): string {
    return this.server.ui;
  }

  /** A builder of a session; `port` is that of a proxy in front of it. */
  session(sessionId: string = randomUUID(), port = this.server.port): SparkSessionBuilder<SparkSession> {
    const address = `sc://127.0.0.1:${String(port)}`;
    return SparkSession.builder().remote(`${address}/;user_id=spark-connect-js-spec;session_id=${sessionId}`);
  }

  /** SIGKILL; resolves when the process has gone. */
  kill(): Promise<void> {
    return this.server.kill();
  }

  /** Starts it on the same port, killing it first where it still runs. */
  async restart(): Promise<void> {
    await this.server.restart();
    await this.answers();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  /** It listens a little before it can answer. */
  private async answers(): Promise<void> {
    const session = this.session().build();
    try {
      await session.version({ deadlineMs: FIRST_ANSWER_LIMIT_MS });
      await session.release();
    } finally {
      await session.close();
    }
  }
}
