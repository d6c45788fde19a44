import { createServer } from 'node:net';
import { planPorts } from './plan';
import type { PortProbe } from './plan';
import { holderOf, listeningInodes } from './port-holder';
import { anyFreePort, isFree } from './probe';

const probeWith = (busy: readonly number[]): PortProbe => ({
  isFree: (port) => Promise.resolve(!busy.includes(port)),
  anyFree: () => Promise.resolve(50_000),
  holderOf: (port) => (busy.includes(port) ? 'java (process 7)' : undefined),
});

describe('the plan of ports', () => {
  it('takes the defaults where they are free', async () => {
    const plan = await planPorts({}, ['gateway', 'kafka'], probeWith([]));
    expect(plan).toMatchObject({ ports: { gateway: 8080, kafka: 19092 }, moved: [] });
  });

  it('moves on from a busy default, past the defaults of others, and says so', async () => {
    const plan = await planPorts({}, ['gateway', 'results', 'orchestrator'], probeWith([8080]));
    expect(plan.ports).toMatchObject({ gateway: 8083, results: 8081, orchestrator: 8082 });
    expect(plan.moved).toEqual(['port 8080 is taken by java (process 7): gateway uses 8083 instead']);
  });

  it('refuses a busy port that was asked for, and names its holder', async () => {
    await expect(planPorts({ gateway: 9000 }, ['gateway'], probeWith([9000]))).rejects.toThrow(
      'GATEWAY_PORT=9000: that port is taken by java (process 7)',
    );
  });

  it('gives no default away that was asked for elsewhere', async () => {
    const plan = await planPorts({ results: 8080 }, ['gateway', 'results'], probeWith([]));
    expect(plan.ports).toMatchObject({ gateway: 8083, results: 8080 });
  });

  it('gives any free port for 0', async () => {
    const plan = await planPorts({ redis: 0 }, ['redis'], probeWith([]));
    expect(plan).toMatchObject({ ports: { redis: 50_000 }, moved: [] });
  });
});

describe('a port that is listened on', () => {
  it('is not free, and its holder is found', async () => {
    const port = await anyFreePort();
    expect(await isFree(port)).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      expect(await isFree(port)).toBe(false);
      expect(holderOf(port)).toContain(`(process ${String(process.pid)})`);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is found in the table of the kernel only while it listens', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1',
      '   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1',
    ].join('\n');
    expect(listeningInodes(table, 8080)).toEqual(['4711']);
    expect(listeningInodes(table, 8081)).toEqual([]);
  });
});
