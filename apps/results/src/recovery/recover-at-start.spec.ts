import { Logger } from '@nestjs/common';
import { ServiceUnavailable } from '@millrace/domain';
import { InMemoryBatchRegistry } from '@millrace/testing';
import type { RecoveryPorts } from './ports';
import { RecoverAtStart } from './recover-at-start';
import { NOW, RETENTION_MS, RecoveryFixture } from './recovery.fixture';

const OPTIONS = { retentionMs: RETENTION_MS, now: () => NOW, retryMs: 0 };

describe('the recovery at the start of the service', () => {
  let files: RecoveryFixture;
  let lines: unknown[][];

  beforeEach(async () => {
    files = await RecoveryFixture.create();
    lines = [];
    const keep = (...line: unknown[]) => {
      lines.push(line);
    };
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  });

  afterEach(async () => {
    Logger.overrideLogger(false);
    await files.close();
  });

  it('returns at once and recovers behind it, with one line that counts', async () => {
    const lost = files.completed();
    await files.write(lost);
    await files.writeStep(files.completed({ uuid: '00000002-5d4c-4b3a-9f2e-1d0c9b8a7f6e' }), 'raw');
    const recovery = new RecoverAtStart(files.ports(files.registry), OPTIONS);
    recovery.start();
    expect(await files.registry.find(lost.batchId)).toBeUndefined();
    await recovery.ended();
    expect(await files.registry.find(lost.batchId)).toMatchObject({ status: 'COMPLETED' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[0]).toMatchObject({ folders: 2, completed: 1, unknown: 1, failed: 0 });
  });

  it('says nothing when every folder has its row', async () => {
    const there = files.completed();
    await files.write(there);
    files.registry = new InMemoryBatchRegistry([there]);
    const recovery = new RecoverAtStart(files.ports(files.registry), OPTIONS);
    recovery.start();
    await recovery.ended();
    expect(lines).toEqual([]);
  });

  it('waits for a registry that does not answer yet', async () => {
    const lost = files.completed();
    await files.write(lost);
    let asked = 0;
    const find: RecoveryPorts['batches']['find'] = (reference) =>
      ++asked < 3 ? Promise.reject(new ServiceUnavailable('not yet')) : files.registry.find(reference);
    const ports = files.ports({
      find,
      list: (query) => files.registry.list(query),
      recover: (batch) => files.registry.recover(batch),
    });
    const recovery = new RecoverAtStart(ports, OPTIONS);
    recovery.start();
    await recovery.ended();
    expect(await files.registry.find(lost.batchId)).toMatchObject({ status: 'COMPLETED' });
  });

  it('ends when it is stopped while the registry is away', async () => {
    await files.write(files.completed());
    const away = () => Promise.reject(new ServiceUnavailable('Postgres does not answer'));
    const recovery = new RecoverAtStart(files.ports({ find: away, list: away, recover: away }), {
      ...OPTIONS,
      retryMs: 3_600_000,
    });
    recovery.start();
    await recovery.stop();
    expect(lines).toEqual([]);
  });

  it('tells a failure that waiting does not cure', async () => {
    await files.write(files.completed());
    const recovery = new RecoverAtStart(
      {
        ...files.ports(files.registry),
        tables: {
          openSnapshot: (path, options) => files.tables.openSnapshot(path, options),
          countRows: (snapshot) => files.tables.countRows(snapshot),
          readPage: (snapshot, request) => files.tables.readPage(snapshot, request),
          commitInfos: (path) => files.tables.commitInfos(path),
          damagedFiles: (snapshot) => files.tables.damagedFiles(snapshot),
          listFolders: () => Promise.reject(new Error('EACCES: permission denied')),
        },
      },
      OPTIONS,
    );
    recovery.start();
    await recovery.ended();
    expect(lines[0]?.[1]).toBe('Looking for batches without a row failed');
  });
});
