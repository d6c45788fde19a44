import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dataFolder, secretOf } from '../../home/home';
import type { Home } from '../../home/home';
import { writeAtomically } from '../../home/write-atomically';
import { PartFailure } from '../../part-failure';
import type { PartSpec } from '../../process/part';
import { copyBinaries, findPostgres } from './binaries';
import { DATABASE, DATABASE_USER, clearStalePid, clusterFiles, postgresEnv, saysReady } from './cluster';
import type { Cluster } from './cluster';
import { canEnter, serverUser } from './server-user';
import type { ServerUser } from './server-user';

/** Where data goes that root's Postgres user could not reach in the home. */
const SYSTEM_FOLDER = '/var/lib/millrace';

/** Finds binaries, user and place of the embedded Postgres. */
export function planCluster(home: Home): Cluster {
  const binaries = findPostgres();
  const user = serverUser();
  if (process.getuid?.() === 0 && user === undefined) {
    throw new PartFailure(
      'postgres',
      'Postgres does not run as root, and there is no user "postgres" or "nobody"',
      {
        fix: 'run as an ordinary user, or name a Postgres of your own in DATABASE_URL',
      },
    );
  }
  return {
    binaries: user && !canEnter(user, binaries.folder) ? copyBinaries(binaries, SYSTEM_FOLDER) : binaries,
    user,
    folder: join(clusterFolder(home, user), 'cluster'),
    password: secretOf(home, 'postgres-password'),
  };
}

function clusterFolder(home: Home, user: ServerUser | undefined): string {
  const usual = dataFolder(home, 'postgres');
  if (!user || canEnter(user, usual)) return usual;
  forgetOrphanedClusters();
  const folder = systemFolderOf(home);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  writeAtomically(join(folder, 'home'), home.path);
  writeAtomically(join(usual, 'moved-to'), `${folder}\n`);
  return folder;
}

/** Named by a secret of the home: when the home was deleted and made again, it starts with an empty cluster too. */
function systemFolderOf(home: Home): string {
  const id = createHash('sha256')
    .update(`${home.path}\n${secretOf(home, 'postgres-password')}`)
    .digest('hex');
  return join(SYSTEM_FOLDER, `cluster-${id.slice(0, 16)}`);
}

/** Removes clusters whose home is gone. */
function forgetOrphanedClusters(): void {
  if (!existsSync(SYSTEM_FOLDER)) return;
  for (const name of readdirSync(SYSTEM_FOLDER).filter((entry) => entry.startsWith('cluster-'))) {
    const folder = join(SYSTEM_FOLDER, name);
    const home = existsSync(join(folder, 'home')) ? readFileSync(join(folder, 'home'), 'utf8').trim() : '';
    if (!existsSync(home)) rmSync(folder, { recursive: true, force: true });
  }
}

/** Forgets the cluster of a home, wherever it lies. */
export function forgetCluster(home: Home): void {
  rmSync(systemFolderOf(home), { recursive: true, force: true });
}

export function postgresUrl(cluster: Cluster, port: number): string {
  return `postgresql://${DATABASE_USER}:${cluster.password}@127.0.0.1:${String(port)}/${DATABASE}`;
}

/** The embedded Postgres. */
export function postgresPart(cluster: Cluster, port: number, fast: boolean): PartSpec {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(fast && { fsync: 'off', full_page_writes: 'off' }),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return {
    name: 'postgres',
    command: join(cluster.binaries.folder, 'bin', 'postgres'),
    args: ['-D', clusterFiles(cluster), '-p', String(port), ...options],
    cwd: cluster.folder,
    env: postgresEnv(),
    owner: cluster.user && { uid: cluster.user.uid, gid: cluster.user.gid },
    // Fast shutdown. SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    stopLimitMs: 15_000,
    waitsFor: 'Postgres to accept connections',
    readyLimitMs: 60_000,
    beforeStart: () => {
      clearStalePid(cluster);
    },
    isReady: () => Promise.resolve(saysReady(cluster)),
  };
}
