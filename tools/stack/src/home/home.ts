import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from './write-atomically';

/** The folders and files under `.millrace/`. */
export interface Home {
  readonly path: string;
  readonly logs: string;
  readonly run: string;
  readonly data: string;
  readonly endpointsFile: string;
}

/** Makes the home. Where root runs servers as another user, that user must be able to pass through it. */
export function openHome(path: string): Home {
  const home: Home = {
    path,
    logs: join(path, 'logs'),
    run: join(path, 'run'),
    data: join(path, 'data'),
    endpointsFile: join(path, 'endpoints.json'),
  };
  for (const folder of [home.path, home.logs, home.run, home.data]) mkdirSync(folder, { recursive: true });
  chmodSync(home.path, process.getuid?.() === 0 ? 0o711 : 0o700);
  return home;
}

/** A folder of a part's data, made where it is missing. */
export function dataFolder(home: Home, part: string): string {
  const folder = join(home.data, part);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Where a part unpacks libraries and spills: in the system's folder a killed part would leave them for ever. */
export function temporaryFolder(home: Home, part: string): string {
  return join(home.run, `${part}-tmp`);
}

/** Makes a folder, or empties it. */
export function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** A random secret of this home, made at first use and readable by its owner only. */
export function secretOf(home: Home, name: string): string {
  const file = join(home.path, name);
  try {
    const stored = readFileSync(file, 'utf8').trim();
    if (stored !== '') return stored;
  } catch {
    // First use.
  }
  const secret = randomBytes(24).toString('hex');
  writeAtomically(file, `${secret}\n`);
  return secret;
}

/** Forgets all data; logs stay, since they may tell why somebody wanted to. */
export function forgetData(home: Home): void {
  rmSync(home.data, { recursive: true, force: true });
  mkdirSync(home.data, { recursive: true });
}
