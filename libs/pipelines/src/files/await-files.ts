import { setTimeout as passed } from 'node:timers/promises';
import type { InputFile } from './list-files';

export interface Awaited {
  /** How the folder is named where there are none. */
  readonly folder: string;
  readonly timeoutMs: number;
  /** Between two looks. */
  readonly intervalMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** No file came in time. */
export class NoInputFiles extends Error {
  override readonly name = 'NoInputFiles';
}

/**
 * The files of a folder as soon as there is one.
 * @param list - looks what there is.
 * @throws NoInputFiles; the reason of the signal, or AbortError, once it is there; whatever `list` throws.
 */
export async function awaitFiles(
  list: () => Promise<readonly InputFile[]>,
  { folder, timeoutMs, intervalMs, signal }: Awaited,
): Promise<readonly InputFile[]> {
  const givenUpAt = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const files = await list();
    if (files.length > 0) return files;
    const leftMs = givenUpAt - performance.now();
    if (leftMs <= 0)
      throw new NoInputFiles(
        `No input file came into ${folder} within ${timeoutMs / 1_000} s: put one there`,
      );
    await passed(Math.min(intervalMs, leftMs), undefined, { signal });
  }
}
