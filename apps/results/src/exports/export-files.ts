import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { RoomOfFiles } from './room-of-files';
import type { KeptFile } from './room-of-files';
import { SharedWork } from './shared-work';

/** Writes a file into the folder of exports. @param name of it there. */
export type WriteFile = (name: string, signal: AbortSignal) => Promise<void>;

/** How often the size of what is being written is looked at. */
const WATCH_MS = 50;
const HOUR_MS = 3_600_000;
/** The gateway, and who asks for large files, ask again when they have waited for long. */
const GRACE_MS = 30_000;

export interface ExportLimits {
  /** Of all files together: `RESULTS_EXPORT_MIB` */
  readonly maxMib: number;
  /** How long a file stays that nobody asks for. Default an hour. */
  readonly keptMs?: number;
  /** How long a file is made on for which nobody waits any more. Default 30 s. */
  readonly graceMs?: number;
}

/**
 * Files that were made for downloads, in a folder of this process alone. They are kept for whoever asks again, for a part of them or
 * after a break, for an hour and as long as they have room together; what is being written is part of it.
 */
export class ExportFiles {
  private readonly room: RoomOfFiles;
  private readonly makings = new Map<string, SharedWork<KeptFile>>();

  constructor(
    private readonly folder: string,
    private readonly limits: ExportLimits,
  ) {
    this.room = new RoomOfFiles(limits.maxMib, limits.keptMs ?? HOUR_MS);
  }

  /**
   * The file of a name, which stays until the signal. Whoever asks for one that is being made waits for it too; soon after
   * the last of them is gone it is not made any more.
   *
   * @param name of this content alone: another one has another name.
   * @param write makes it where it is not there.
   * @param gone that the client is gone, or has everything.
   * @throws InvalidRequest where it is larger than the room, ServiceUnavailable where others have the room; what `write` throws.
   */
  async get(name: string, write: WriteFile, gone: AbortSignal): Promise<KeptFile> {
    gone.throwIfAborted();
    const kept = await this.findKept(name, gone);
    if (kept !== undefined) return kept;
    gone.throwIfAborted();
    const known = this.makings.get(name);
    // What is given up ends by itself.
    const making = known === undefined || known.isGivenUp ? this.begin(name, write) : known;
    return making.wait(gone);
  }

  /** Removes the folder with all files. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async findKept(name: string, gone: AbortSignal): Promise<KeptFile | undefined> {
    const kept = this.room.find(name);
    if (kept === undefined) return undefined;
    this.room.hold(name, gone);
    if ((await sizeOf(kept.path)) === kept.size) return kept;
    // Somebody tidied up the folder.
    this.room.forget(name, kept);
    return undefined;
  }

  private begin(name: string, write: WriteFile): SharedWork<KeptFile> {
    const work = async (signal: AbortSignal) => {
      try {
        const file = await this.make(name, write, signal);
        this.room.add(name, file);
        for (const gone of making.waiting) this.room.hold(name, gone);
        return file;
      } finally {
        if (this.makings.get(name) === making) this.makings.delete(name);
      }
    };
    const making = new SharedWork(work, this.limits.graceMs ?? GRACE_MS);
    this.makings.set(name, making);
    return making;
  }

  /** Under another name until it is whole. No two makings have a name in common, so that nothing is removed that was made again. */
  private async make(name: string, write: WriteFile, signal: AbortSignal): Promise<KeptFile> {
    const path = join(this.folder, `${name}-${randomUUID()}.parquet`);
    const part = `${path}.part`;
    const growth = this.watch(part);
    try {
      await write(basename(part), AbortSignal.any([signal, growth.refused]));
      const { size } = await stat(part);
      this.room.grow(part, size);
      const file = { path, size, digest: await digestOf(part) };
      signal.throwIfAborted();
      await rename(part, path);
      return file;
    } catch (error) {
      await rm(part, { force: true });
      throw (growth.refused.aborted ? growth.refused.reason : error) as Error;
    } finally {
      growth.end();
      this.room.endGrowth(part);
    }
  }

  /** Looks at what is being written, again and again: it takes room from the others, and may not have all of it. */
  private watch(part: string): { readonly refused: AbortSignal; end(): void } {
    const refusal = new AbortController();
    const over = new AbortController();
    const isOver = () => over.signal.aborted;
    const look = async () => {
      while (!isOver()) {
        const size = (await sizeOf(part)) ?? 0;
        // A late look must not count a file that has another name by now.
        if (!isOver()) this.room.grow(part, size);
        await delay(WATCH_MS, undefined, { ref: false });
      }
    };
    look().catch((error: unknown) => {
      refusal.abort(error);
    });
    return {
      refused: refusal.signal,
      end: () => {
        over.abort();
      },
    };
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('base64url');
}
