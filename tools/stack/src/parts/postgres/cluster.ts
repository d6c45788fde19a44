import { execFile, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PartFailure } from '../../part-failure';
import { identityOf } from '../../process/identity';
import type { PostgresBinaries } from './binaries';
import type { ServerUser } from './server-user';

export const DATABASE = 'millrace';
export const DATABASE_USER = 'millrace';

const run = promisify(execFile);

export interface Cluster {
  /** Holds the cluster and nothing else. */
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser | undefined;
  readonly password: string;
}

/** Where the files of a cluster are. */
export function clusterFiles(cluster: Cluster): string {
  return join(cluster.folder, 'pgdata');
}

/** The environment of Postgres' programs: nothing of the person's own, such as a `PGDATA`. */
export function postgresEnv(): Record<string, string> {
  return { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '' };
}

/**
 * Makes the cluster and its database at first use. It is made beside its place and moved there when complete, so that an
 * interrupted start leaves nothing that looks like a cluster.
 */
export async function ensureCluster(cluster: Cluster): Promise<void> {
  mkdirSync(cluster.folder, { recursive: true, mode: 0o700 });
  if (cluster.user) chownSync(cluster.folder, cluster.user.uid, cluster.user.gid);
  if (existsSync(join(clusterFiles(cluster), 'PG_VERSION'))) return;
  const draft = join(cluster.folder, 'pgdata.new');
  rmSync(draft, { recursive: true, force: true });
  await initialise(cluster, draft);
  await createDatabase(cluster, draft);
  renameSync(draft, clusterFiles(cluster));
}

async function initialise(cluster: Cluster, draft: string): Promise<void> {
  const passwordFile = join(cluster.folder, 'password.tmp');
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  if (cluster.user) chownSync(passwordFile, cluster.user.uid, cluster.user.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${DATABASE_USER}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  try {
    await run(
      join(cluster.binaries.folder, 'bin', 'initdb'),
      [`--pgdata=${draft}`, '--no-sync', '--no-instructions', ...locale, ...access],
      { cwd: cluster.folder, env: postgresEnv(), ...ids(cluster.user) },
    );
  } catch (error) {
    throw new PartFailure('postgres', `initdb failed: ${lastLine(error)}`, { error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Single-user mode makes the database without a server and without a client. */
function createDatabase(cluster: Cluster, draft: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      join(cluster.binaries.folder, 'bin', 'postgres'),
      ['--single', '-j', '-D', draft, 'postgres'],
      { cwd: cluster.folder, env: postgresEnv(), stdio: ['pipe', 'ignore', 'pipe'], ...ids(cluster.user) },
    );
    const complaints: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else
        reject(new PartFailure('postgres', `the database could not be made: ${complaints.join('').trim()}`));
    });
    child.stdin.end(`CREATE DATABASE ${DATABASE};\n\n`);
  });
}

/**
 * Postgres refuses to start beside a `postmaster.pid` whose process lives, even where the number now belongs to another
 * program. So: a server of this very cluster is ended, and the file goes.
 */
export function clearStalePid(cluster: Cluster): void {
  const file = join(clusterFiles(cluster), 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  if (
    Number.isInteger(pid) &&
    pid > 1 &&
    identityOf(pid) !== undefined &&
    servesFrom(pid, clusterFiles(cluster))
  ) {
    process.kill(pid, 'SIGKILL');
  }
  rmSync(file, { force: true });
}

function servesFrom(pid: number, files: string): boolean {
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`) === files;
  } catch {
    return false;
  }
}

/** Whether the server says it accepts connections; it writes so into its pid file. */
export function saysReady(cluster: Cluster): boolean {
  try {
    const lines = readFileSync(join(clusterFiles(cluster), 'postmaster.pid'), 'utf8').split('\n');
    return lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}

function ids(user: ServerUser | undefined): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  return text.trim().split('\n').at(-1) ?? text;
}
