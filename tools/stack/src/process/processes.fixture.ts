import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildFolders } from './child';

/** Folders of a home that exists for one test. */
export class TestFolders implements ChildFolders {
  readonly path = mkdtempSync(join(tmpdir(), 'millrace home '));
  readonly logs = join(this.path, 'logs');
  readonly run = join(this.path, 'run');

  constructor() {
    mkdirSync(this.logs);
    mkdirSync(this.run);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A Node that runs a script. */
export function nodeRunning(script: string): { command: string; args: readonly string[] } {
  return { command: process.execPath, args: ['--eval', script] };
}
