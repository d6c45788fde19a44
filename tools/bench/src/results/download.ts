import { setTimeout as delay } from 'node:timers/promises';
import { KeptConnection } from './kept-connection';

export interface Download {
  readonly bytes: number;
  readonly seconds: number;
  readonly firstByteSeconds: number;
  /** Whether all of it came, and it was not given up. */
  readonly isWhole: boolean;
}

export interface Taking {
  /** Absent: as fast as they come. */
  readonly bytesPerSecond?: number;
  /** Gives it up. */
  readonly signal?: AbortSignal;
}

const MS_PER_SECOND = 1_000;

/** Takes a body and throws it away. @throws Error where it breaks off. */
export async function download(url: string, path: string, taking: Taking = {}): Promise<Download> {
  const startedAtMs = performance.now();
  const seconds = () => (performance.now() - startedAtMs) / MS_PER_SECOND;
  const connection = new KeptConnection(url);
  let [bytes, firstByteSeconds] = [0, Number.NaN];
  try {
    for await (const part of await connection.open(path, taking.signal)) {
      if (bytes === 0) firstByteSeconds = seconds();
      bytes += (part as Buffer).length;
      await paced(bytes, seconds(), taking);
    }
    return { bytes, seconds: seconds(), firstByteSeconds, isWhole: true };
  } catch (error) {
    if (taking.signal?.aborted !== true) throw error;
    return { bytes, seconds: seconds(), firstByteSeconds, isWhole: false };
  } finally {
    connection.close();
  }
}

/** Until so many bytes are no longer too many for the time. */
async function paced(bytes: number, seconds: number, { bytesPerSecond, signal }: Taking): Promise<void> {
  if (bytesPerSecond === undefined) return;
  const ahead = bytes / bytesPerSecond - seconds;
  if (ahead > 0) await delay(ahead * MS_PER_SECOND, undefined, { signal });
}
