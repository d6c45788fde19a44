import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

const NEVER_ENTERED = new Set(['node_modules', 'dist', 'target', '.millrace', '.git', '.nx']);

/** All files under a folder whose name matches, sorted; none where the folder is missing. */
export function filesUnder(folder, matches = () => true) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return NEVER_ENTERED.has(entry.name) ? [] : filesUnder(path, matches);
      return matches(entry.name) ? [path] : [];
    });
}

/** A hash of what files hold, with their names. For inputs: it survives a fresh checkout and a copy. */
export function hashContents(root, files, ...more) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  for (const text of more) hash.update(`${text}\0`);
  return hash.digest('hex');
}

/** A hash of names and sizes. For outputs: it tells cheaply that one was deleted or cut short. */
export function hashListing(root, files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${relative(root, file)}\0${statSync(file).size}\0`);
  return hash.digest('hex');
}

/**
 * A stamp says that a step succeeded with certain inputs and what it left. It is taken away before the step runs and written
 * after it succeeded: what an interrupted run left behind is never trusted.
 */
export class Stamp {
  /**
   * @param {string} file
   * @param {{ inputs: () => string, outputs: () => string }} of hashes; `outputs` of what should be there now
   */
  constructor(file, { inputs, outputs }) {
    this.file = file;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  isCurrent() {
    try {
      const stored = JSON.parse(readFileSync(this.file, 'utf8'));
      return stored.inputs === this.inputs() && stored.outputs === this.outputs();
    } catch {
      return false;
    }
  }

  remove() {
    rmSync(this.file, { force: true });
  }

  /** @param {string} inputs the hash from before the step ran: inputs changed meanwhile must make it run again */
  write(inputs) {
    mkdirSync(dirname(this.file), { recursive: true });
    const draft = `${this.file}.${process.pid}.tmp`;
    writeFileSync(draft, JSON.stringify({ inputs, outputs: this.outputs() }));
    renameSync(draft, this.file);
  }
}

/** Runs a step unless its stamp is current. Returns whether it ran. */
export async function whenStale(stamp, step) {
  if (stamp.isCurrent()) return false;
  const inputs = stamp.inputs();
  stamp.remove();
  await step();
  stamp.write(inputs);
  return true;
}
