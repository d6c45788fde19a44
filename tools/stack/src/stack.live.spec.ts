import { statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { requireEndpoints } from '@millrace/testing';
import { hostAndPort } from './parts/external';
import { isListening } from './ports/probe';
import { answersOk } from './apps/app-part';
import { readRunRecord } from './process/run-records';
import { until } from './until';

jest.setTimeout(120_000);

const home = (): string => {
  const path = process.env['MILLRACE_HOME'];
  if (path === undefined) throw new Error('MILLRACE_HOME must name the home of the stack under test');
  return path;
};
const pidOf = (part: string): number | undefined => readRunRecord(join(home(), 'run', `${part}.json`))?.pid;

describe('the running stack', () => {
  it('listens on loopback only', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter((address) => !address.internal && address.family === 'IPv4');
    for (const address of Object.values(requireEndpoints()) as string[]) {
      const { host, port } = hostAndPort(address);
      expect(host).toBe('127.0.0.1');
      expect(await isListening(port)).toBe(true);
      for (const other of outside) expect(await isListening(port, other.address)).toBe(false);
    }
  });

  it('starts a killed application again on the same port', async () => {
    const url = `${requireEndpoints().results}/health/live`;
    const before = pidOf('results');
    if (before === undefined) throw new Error('the results service has no record');
    process.kill(before, 'SIGKILL');
    await until(async () => pidOf('results') !== before && (await answersOk(url)), {
      what: 'another results service to answer',
      limitMs: 60_000,
    });
  });

  it('keeps secrets in files that only their owner reads', () => {
    for (const file of ['internal-token', 'endpoints.json']) {
      expect(statSync(join(home(), file)).mode & 0o077).toBe(0);
    }
  });
});
