import { isSparkConnectError, UnsupportedServerError } from '../errors/spark-connect-error';
import { endOf, hasGivenUp, type CallLimits } from './call-limits';

const SUPPORTED_MAJOR = 4;

/**
 * What happens once in the life of a session, before the first request that depends on it, whichever view makes it: the server's
 * version is asked for and looked at, and the builder's confs are sent.
 */
export class SessionPreparation {
  private isDone = false;
  private running: Promise<void> | undefined;
  private version: { readonly major: number; readonly minor: number } | undefined;

  // Truly private: a conf may be the key of a storage.
  readonly #pairs: Readonly<Record<string, string>>;

  /** @param pairs Confs of the builder. */
  constructor(pairs: Readonly<Record<string, string>>) {
    this.#pairs = pairs;
  }

  get pairs(): Readonly<Record<string, string>> {
    return this.#pairs;
  }

  /** Is the server known to be this version or a later one? */
  isAtLeast(major: number, minor: number): boolean {
    const { version } = this;
    if (version === undefined) return false;
    return version.major > major || (version.major === major && version.minor >= minor);
  }

  get knowsVersion(): boolean {
    return this.version !== undefined;
  }

  /** @throws UnsupportedServerError when the server is of another generation. */
  learnVersion(text: string, server: string, sessionId: string): void {
    const [, major, minor] = /^(\d+)\.(\d+)/.exec(text) ?? [];
    if (Number(major) !== SUPPORTED_MAJOR) {
      throw new UnsupportedServerError(
        `${server} runs Spark ${text === '' ? '(no version given)' : text}, and this client speaks with Spark ${String(SUPPORTED_MAJOR)}.x. ` +
          'Connect to such a server, or use the release of this library made for yours.',
        { sessionId },
      );
    }
    this.version = { major: Number(major), minor: Number(minor) };
  }

  /**
   * Runs `prepare` unless that has been done. Calls that come meanwhile wait for it, each with its own patience, and share its
   * failure; when it failed only because its caller lost patience, the next one tries again with its own.
   */
  async ensure(limits: CallLimits, prepare: () => Promise<void>): Promise<void> {
    while (!this.isDone) {
      if (this.running === undefined) {
        this.running = this.run(prepare);
        await this.running;
        return;
      }
      const failure = await endOf(this.running, limits);
      if (failure !== undefined && !isImpatience(failure)) throw failure;
      if (hasGivenUp(limits, 'the session was still being prepared when the deadline passed')) return;
    }
  }

  private async run(prepare: () => Promise<void>): Promise<void> {
    try {
      await prepare();
      this.isDone = true;
    } finally {
      this.running = undefined;
    }
  }
}

function isImpatience(failure: unknown): boolean {
  return (
    isSparkConnectError(failure) &&
    (failure.code === 'OPERATION_CANCELED' || failure.code === 'DEADLINE_EXCEEDED')
  );
}
