import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explain } from '../process/explain-log';
import { hostAndPort } from './external';
import { newClusterId, serverProperties } from './kafka/kafka';
import { canEnter, chooseUser } from './postgres/server-user';

describe('the address of a server', () => {
  it.each([
    ['postgres://u:p@db.example/x', { host: 'db.example', port: 5432 }],
    ['redis://127.0.0.1:6380/0', { host: '127.0.0.1', port: 6380 }],
    ['sc://spark.example:443/;use_ssl=true', { host: 'spark.example', port: 443 }],
    ['k1.example:9094,k2.example:9094', { host: 'k1.example', port: 9094 }],
    ['redis://[::1]:6379', { host: '::1', port: 6379 }],
  ])('%s', (address, expected) => {
    expect(hostAndPort(address)).toEqual(expected);
  });
});

describe('the settings of Kafka', () => {
  it('bind every listener to loopback', () => {
    const text = serverProperties({ broker: 19092, controller: 19093 }, '/a b/kafka');
    expect(text).toContain('listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093\n');
    expect(text).toContain('log.dirs=/a b/kafka\n');
  });
});

describe('the cluster id of Kafka', () => {
  it('never looks like an option of the command line', () => {
    const draws = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 1)];
    expect(draws[0]?.toString('base64url')).toMatch(/^-/);
    expect(newClusterId(() => draws.shift() ?? Buffer.alloc(16))).toBe('AQEBAQEBAQEBAQEBAQEBAQ');
  });
});

describe('the user that Postgres runs as', () => {
  const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';

  it('is the one made for it, else nobody', () => {
    expect(chooseUser(`${passwd}postgres:x:101:104::/:/bin/sh\n`)).toMatchObject({
      name: 'postgres',
      uid: 101,
    });
    expect(chooseUser(passwd)).toMatchObject({ name: 'nobody', uid: 65534 });
    expect(chooseUser('root:x:0:0::/root:/bin/sh\n')).toBeUndefined();
  });

  it('must be let through every folder above', () => {
    const outer = mkdtempSync(join(tmpdir(), 'millrace-enter-'));
    const inner = join(outer, 'inner');
    mkdirSync(inner, { mode: 0o755 });
    const stranger = { name: 'stranger', uid: 61_234, gid: 61_234 };
    try {
      chmodSync(outer, 0o700);
      expect(canEnter(stranger, inner)).toBe(false);
      chmodSync(outer, 0o711);
      expect(canEnter(stranger, inner)).toBe(true);
    } finally {
      rmSync(outer, { recursive: true });
    }
  });
});

describe('the end of a log', () => {
  it.each([
    ['java.net.BindException: Address already in use', /port/],
    ['java.lang.OutOfMemoryError: Java heap space', /memory/],
    ['FATAL: could not write: No space left on device', /disk/],
    ["Error: Cannot find module '/x/dist/main.js'", /built/],
  ])('%s', (text, cause) => {
    expect(explain(text)?.cause).toMatch(cause);
  });

  it('says nothing where nothing is known', () => {
    expect(explain('all is well')).toBeUndefined();
  });
});
