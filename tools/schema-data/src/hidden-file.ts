import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** A file that nobody sees before it is complete: Spark passes over names that begin with a dot. */
export class HiddenFile {
  private readonly hiddenPath: string;

  /** @param path where it will be. */
  constructor(private readonly path: string) {
    this.hiddenPath = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  }

  /**
   * Writes the chunks as fast as the disk takes them: the next is asked for when there is room for it. What was written is
   * on the disk when this resolves.
   * @returns bytes of the file.
   */
  async write(chunks: Iterable<string>, isGzip: boolean, signal: AbortSignal): Promise<number> {
    await mkdir(dirname(this.path), { recursive: true });
    const file = createWriteStream(this.hiddenPath, { flush: true });
    // Node writes no time and no name into the head of gzip: equal records make equal bytes.
    if (isGzip) await pipeline(chunks, createGzip(), file, { signal });
    else await pipeline(chunks, file, { signal });
    return (await stat(this.hiddenPath)).size;
  }

  /** Makes it be where it belongs, in one step; what was there is gone then. */
  async publish(): Promise<void> {
    await rename(this.hiddenPath, this.path);
  }

  /** Leaves nothing behind, as far as the disk lets it: what has failed before is what matters. */
  async discard(): Promise<void> {
    await rm(this.hiddenPath, { force: true }).catch(() => undefined);
  }
}
