import {
  isSparkConnectError,
  DeadlineExceededError,
  UnsupportedServerError,
} from '../errors/spark-connect-error';
import { onAbort } from '../channel/abort-listeners';

/** Whose patience a call has. */
export interface CallLimits {
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds. */
  readonly deadlineAt: number;
}

const SUPPORTED_MAJOR = 4;
/** `setTimeout` fires at once beyond it. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * What happens once in the life of a session, before the first request that depends on it, whichever view makes it: the server's
 * version is asked for and looked at, and the builder's confs are sent.
 */
export class SessionPreparation {
  private isDone = false;
  private running: Promise<void> | undefined;
  private version: { readonly major: number; readonly minor: number } | undefined;

  /** @param pairs Confs of the builder. */
  constructor(readonly pairs: Readonly<Record<string, string>>) {}

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
      // On abort the call itself says so; a deadline that has passed must not start anything.
      if (limits.signal?.aborted === true) return;
      if (Date.now() >= limits.deadlineAt)
        throw new DeadlineExceededError('the session was still being prepared');
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

/** Waits for the end of a promise or of one's patience; what it rejected with, if it did. */
function endOf(running: Promise<void>, { signal, deadlineAt }: CallLimits): Promise<Error | undefined> {
  if (signal?.aborted === true) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => {
        end(undefined);
      },
      Math.min(deadlineAt - Date.now(), MAX_TIMER_MS),
    );
    const end = (failure: Error | undefined): void => {
      clearTimeout(timer);
      stopListening();
      resolve(failure);
    };
    const stopListening = onAbort(signal, () => {
      end(undefined);
    });
    running.then(() => {
      end(undefined);
    }, end);
  });
}

function isImpatience(failure: unknown): boolean {
  return (
    isSparkConnectError(failure) &&
    (failure.code === 'OPERATION_CANCELED' || failure.code === 'DEADLINE_EXCEEDED')
  );
}
