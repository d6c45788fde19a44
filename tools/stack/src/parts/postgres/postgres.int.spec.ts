import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@millrace/registry';
import { openHome } from '../../home/home';
import { anyFreePort } from '../../ports/probe';
import { startChild } from '../../process/child';
import { endLeftovers } from '../../process/leftovers';
import { Part } from '../../process/part';
import type { PartEvents } from '../../process/part';
import { until } from '../../until';
import { clusterFiles, ensureCluster, saysReady } from './cluster';
import { forgetCluster, planCluster, postgresPart, postgresUrl } from './postgres';

jest.setTimeout(120_000);

describe('the embedded Postgres', () => {
  let path: string;
  let part: Part | undefined;

  beforeEach(() => {
    // With a space, and closed to the user that root runs Postgres as.
    path = mkdtempSync(join(tmpdir(), 'millrace postgres '));
    chmodSync(path, 0o700);
  });

  afterEach(async () => {
    await part?.stop();
    forgetCluster(openHome(join(path, 'home')));
    rmSync(path, { recursive: true, force: true });
  });

  const start = async (events: Partial<PartEvents> = {}): Promise<string> => {
    const home = openHome(join(path, 'home'));
    const cluster = planCluster(home);
    const port = await anyFreePort();
    await ensureCluster(cluster);
    const nobodyAsked = {
      crashed: jest.fn(),
      restarted: jest.fn(),
      gaveUp: jest.fn(),
      asksToStop: jest.fn(),
    };
    part = new Part(postgresPart(cluster, port, true), home, { ...nobodyAsked, ...events });
    await part.start();
    return postgresUrl(cluster, port);
  };

  it('is made at first use and keeps its data', async () => {
    expect((await migrate(await start())).applied).not.toEqual([]);
    await part?.stop();
    expect((await migrate(await start())).applied).toEqual([]);
  });

  it('comes back after a kill -9 with what was committed', async () => {
    let hasRestarted = false;
    const url = await start({ restarted: () => (hasRestarted = true) });
    await migrate(url);
    process.kill(postmasterOf(path), 'SIGKILL');
    await until(() => Promise.resolve(hasRestarted), { what: 'the restart of Postgres', limitMs: 60_000 });
    expect((await migrate(url)).applied).toEqual([]);
  });

  it('starts again beside what a killed supervisor left', async () => {
    await migrate(await start());
    await part?.stop();
    const home = openHome(join(path, 'home'));
    const cluster = planCluster(home);
    // Nobody watches this one any more.
    startChild(postgresPart(cluster, await anyFreePort(), true), home);
    await until(() => Promise.resolve(saysReady(cluster)), { what: 'Postgres', limitMs: 30_000 });
    expect(await endLeftovers(home.run)).toEqual(['postgres']);
    expect((await migrate(await start())).applied).toEqual([]);
  });
});

function postmasterOf(path: string): number {
  const cluster = planCluster(openHome(join(path, 'home')));
  return Number.parseInt(readFileSync(join(clusterFiles(cluster), 'postmaster.pid'), 'utf8'), 10);
}
