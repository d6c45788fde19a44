import { rm } from 'node:fs/promises';
import { InvalidRequest, ServiceUnavailable } from '@millrace/domain';

/** A file that is whole. */
export interface KeptFile {
  readonly path: string;
  readonly size: number;
  /** Of its bytes. */
  readonly digest: string;
}

interface Entry {
  readonly file: KeptFile;
  /** Answers that need it now. */
  holders: number;
}

const MIB = 1_048_576;
/** Downloads that take all the room end in minutes rather than seconds. */
const RETRY_AFTER_SECONDS = 60;

/**
 * Files that have a bounded room together, and those that are growing in it. Where they would have more, the one goes that was not used
 * for longest and that nobody holds.
 */
export class RoomOfFiles {
  /** Those used last are at the end: a Map keeps the order of insertion. */
  private readonly entries = new Map<string, Entry>();
  private readonly growing = new Map<string, number>();

  constructor(private readonly maxMib: number) {}

  find(name: string): KeptFile | undefined {
    return this.entries.get(name)?.file;
  }

  add(name: string, file: KeptFile): void {
    this.entries.set(name, { file, holders: 0 });
  }

  forget(name: string): void {
    this.entries.delete(name);
  }

  /** Lets a file stay until the signal, as the one that was used last. */
  hold(name: string, gone: AbortSignal): void {
    const entry = this.entries.get(name);
    if (entry === undefined || gone.aborted) return;
    this.entries.delete(name);
    this.entries.set(name, entry);
    entry.holders += 1;
    const release = () => {
      entry.holders -= 1;
    };
    gone.addEventListener('abort', release, { once: true });
  }

  /**
   * Makes room for a file that is being written.
   *
   * @param bytes that it has by now.
   * @throws InvalidRequest where it is larger than all the room, ServiceUnavailable where others hold it.
   */
  grow(name: string, bytes: number): void {
    this.growing.set(name, bytes);
    if (bytes > this.maxMib * MIB) throw tooLarge(this.maxMib);
    while (this.bytes() > this.maxMib * MIB) {
      const [oldest] = [...this.entries].find(([, { holders }]) => holders === 0) ?? [];
      if (oldest === undefined) throw heldByOthers(this.maxMib);
      this.remove(oldest);
    }
  }

  /** It is not written any more. */
  endGrowth(name: string): void {
    this.growing.delete(name);
  }

  private bytes(): number {
    const kept = [...this.entries.values()].reduce((sum, { file }) => sum + file.size, 0);
    return [...this.growing.values()].reduce((sum, size) => sum + size, kept);
  }

  private remove(name: string): void {
    const path = this.entries.get(name)?.file.path;
    this.entries.delete(name);
    // What cannot be removed now is at the next start.
    if (path !== undefined) void rm(path, { force: true }).catch(() => undefined);
  }
}

function tooLarge(maxMib: number): InvalidRequest {
  const message = `cannot be parquet for so much: the file would have more than ${maxMib} MiB; ask for fewer columns or rows, or for another format, or have RESULTS_EXPORT_MIB set to more`;
  return new InvalidRequest([{ path: 'format', message }]);
}

function heldByOthers(maxMib: number): ServiceUnavailable {
  return new ServiceUnavailable(
    `Other downloads have all ${maxMib} MiB for Parquet files now: ask again later, or have RESULTS_EXPORT_MIB set to more`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}
