import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder of input files that a Spark on this machine sees. */
export class InputFolder {
  readonly path: string;

  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'millrace-input-'));
    // The server may be of another user, and write there too.
    chmodSync(this.path, 0o777);
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Registers the hooks of Jest. @param take keeps the folder of the test that begins. */
export function useInputFolder(take: (folder: InputFolder) => void): void {
  let folder: InputFolder | undefined;
  beforeEach(() => {
    folder = new InputFolder();
    take(folder);
  });
  afterEach(() => folder?.remove());
}
