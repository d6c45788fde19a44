import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidSettings } from './settings';

/** How a run ended: it made what was asked for, it was told to stop, or it could not go on. */
export type RunEnd = 'done' | 'stopped' | 'failed';

/** The first fields of every manifest: the file of `--manifest`, and what `--json` prints. */
export interface ManifestHead {
  readonly tool: 'generator' | 'seeder' | 'retail-generate' | 'retail-produce' | 'schema';
  /** Of the document; raised when a field changes its meaning. */
  readonly version: 1;
  /** Null while the run goes on, and for ever where the process was killed. */
  readonly end: RunEnd | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export function manifestHead(tool: ManifestHead['tool'], started: Date, end: RunEnd | null): ManifestHead {
  const endedAt = end === null ? null : new Date().toISOString();
  return { tool, version: 1, end, startedAt: started.toISOString(), endedAt };
}

/** A file that holds either what it held or the whole new document, whenever the process is killed. */
export class ManifestFile {
  private readonly path: string;

  /** @param settingName how the user has called the setting that `path` is the value of. */
  constructor(
    private readonly settingName: string,
    path: string,
  ) {
    this.path = resolve(path);
  }

  /** @throws InvalidSettings where the file cannot be written. */
  write(document: ManifestHead): void {
    const temporary = join(dirname(this.path), `.${basename(this.path)}.${process.pid}`);
    try {
      writeFileSync(temporary, `${JSON.stringify(document, undefined, 2)}\n`);
      renameSync(temporary, this.path);
    } catch (error) {
      rmSync(temporary, { force: true });
      const reason = error instanceof Error ? error.message : String(error);
      throw new InvalidSettings(`${this.settingName} must be a file that can be written (${reason})`, {
        cause: error,
      });
    }
  }
}
