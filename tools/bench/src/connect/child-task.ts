import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Width } from './wide-table';

/** What a child process reads, and how. In a process of its own nothing else is in the memory and the garbage of the figures. */
export interface ChildTask {
  readonly remote: string;
  readonly how: 'collect' | 'arrow' | 'iterate';
  readonly width: Width;
  readonly rows: number;
}

/** Bytes of a process: what the system gave it, and what of that is in use for JavaScript and its buffers. */
export interface Memory {
  readonly rss: number;
  readonly used: number;
}

/** What a child found. */
export interface Reading {
  readonly rows: number;
  readonly batches: number;
  readonly bytes: number;
  readonly elapsedMs: number;
  readonly idle: Memory;
  readonly peak: Memory;
}

export type ChildMessage =
  { readonly kind: 'progress'; readonly rows: number } | { readonly kind: 'done'; readonly reading: Reading };

/** Runs a task; `nodeOptions` are those of V8. */
export function runInChild(
  task: ChildTask,
  onProgress: (rows: number) => void,
  nodeOptions: readonly string[] = [],
): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'child.js'), [JSON.stringify(task)], { execArgv: [...nodeOptions] });
    let reading: Reading | undefined;
    child.on('message', (message: ChildMessage) => {
      if (message.kind === 'progress') onProgress(message.rows);
      else reading = message.reading;
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (reading !== undefined && code === 0) resolve(reading);
      else
        reject(new Error(`the process that was to ${task.how} ${task.rows} rows ended with ${String(code)}`));
    });
  });
}
