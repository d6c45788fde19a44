import { accessSync, chmodSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import type { StackConfig } from '../config';
import { dataFolder } from '../home/home';
import type { Home } from '../home/home';
import { PartFailure } from '../part-failure';
import type { PartSpec } from '../process/part';

const PROBE_LIMIT_MS = 2_000;

/** Finds a Redis to run: one on PATH, else the one Maven brought. */
export function findRedis(config: StackConfig): string {
  const found = onPath(config) ?? fromMaven(config.root);
  if (found === undefined) {
    throw new PartFailure(
      'redis',
      'there is no Redis: none on PATH, and infra/redis has no binary for this platform',
      {
        fix: 'install redis-server (or valkey-server), or name one of your own in REDIS_URL',
      },
    );
  }
  return found;
}

function onPath(config: StackConfig): string | undefined {
  const folders = (config.inherited['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return ['redis-server', 'valkey-server']
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function fromMaven(root: string): string | undefined {
  const folder = join(root, 'infra', 'redis', 'target', 'bin');
  if (!existsSync(folder)) return undefined;
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const file = readdirSync(folder).find((name) => name.endsWith(`-${process.platform}-${architecture}`));
  if (file === undefined) return undefined;
  const binary = join(folder, file);
  // What unpacking leaves as its mode differs between versions of Maven.
  if (!isExecutable(binary)) chmodSync(binary, 0o755);
  return binary;
}

/** The Redis we run. It may lose everything: the registry is the truth. */
export function redisPart(binary: string, home: Home, port: number): PartSpec {
  const folder = dataFolder(home, 'redis');
  return {
    name: 'redis',
    command: binary,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'],
      ...['--save', '300 1', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
    ],
    cwd: folder,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stopLimitMs: 10_000,
    waitsFor: 'Redis to answer PING',
    readyLimitMs: 30_000,
    isReady: () => answersPing(`redis://127.0.0.1:${String(port)}`),
  };
}

/** Whether a Redis answers at a URL. */
export async function answersPing(url: string): Promise<boolean> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: PROBE_LIMIT_MS,
  });
  // Without a listener a refused connection would be an uncaught error.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
