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
  /** Ends it, while nobody needs it. */
  unused: NodeJS.Timeout | undefined;
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

  /** @param keptMs how long a file stays that nobody asks for: results that were deleted must not live on here. */
  constructor(
    private readonly maxMib: number,
    private readonly keptMs: number,
  ) {}

  find(name: string): KeptFile | undefined {
    return this.entries.get(name)?.file;
  }

  add(name: string, file: KeptFile): void {
    const entry: Entry = { file, holders: 0, unused: undefined };
    this.entries.set(name, entry);
    this.endWhenUnused(name, entry);
  }

  /** A file that is not as it was: another of the same name stays. */
  forget(name: string, file: KeptFile): void {
    if (this.entries.get(name)?.file === file) this.remove(name);
  }

  /** Lets a file stay until the signal, as the one that was used last. */
  hold(name: string, gone: AbortSignal): void {
    const entry = this.entries.get(name);
    if (entry === undefined || gone.aborted) return;
    this.entries.delete(name);
    this.entries.set(name, entry);
    entry.holders += 1;
    clearTimeout(entry.unused);
    const release = () => {
      entry.holders -= 1;
      if (entry.holders === 0) this.endWhenUnused(name, entry);
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

  private endWhenUnused(name: string, entry: Entry): void {
    entry.unused = setTimeout(() => {
      if (this.entries.get(name) === entry) this.remove(name);
    }, this.keptMs).unref();
  }

  private bytes(): number {
    const kept = [...this.entries.values()].reduce((sum, { file }) => sum + file.size, 0);
    return [...this.growing.values()].reduce((sum, size) => sum + size, kept);
  }

  private remove(name: string): void {
    const entry = this.entries.get(name);
    this.entries.delete(name);
    if (entry === undefined) return;
    clearTimeout(entry.unused);
    // What cannot be removed now is at the next start.
    void rm(entry.file.path, { force: true }).catch(() => undefined);
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
