import { chmodSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file so that a reader sees either the old text or the whole new one. */
export function writeAtomically(file: string, text: string, mode = 0o600): void {
  const draft = `${file}.${String(process.pid)}.tmp`;
  writeFileSync(draft, text, { mode });
  chmodSync(draft, mode);
  renameSync(draft, file);
}
