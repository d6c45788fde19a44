import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appPart } from './app-part';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-app-part-'));
  mkdirSync(join(root, 'apps/gateway/dist'), { recursive: true });
  writeFileSync(join(root, 'apps/gateway/dist/main.js'), '');
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const partWith = (env: Record<string, string>) =>
  appPart('gateway', { root, url: 'http://127.0.0.1:1', env });

describe('the part of an application', () => {
  it.each([
    [{}, 150_000],
    [{ MILLRACE_DRAIN_TIMEOUT_MS: '1000' }, 91_000],
    [{ MILLRACE_DRAIN_TIMEOUT_MS: '600000' }, 690_000],
    [{ MILLRACE_DRAIN_TIMEOUT_MS: 'long' }, 150_000],
  ])('gets longer to stop than its drain may take (%j)', (env: Record<string, string>, limitMs) => {
    expect(partWith(env).stopLimitMs).toBe(limitMs);
  });

  it('gets longer to start than the wait for the lease of a predecessor', () => {
    expect(partWith({}).readyLimitMs).toBeGreaterThan(60_000);
  });
});
