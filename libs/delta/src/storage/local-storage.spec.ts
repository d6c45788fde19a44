import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalStorage } from './local-storage';
import { describeTableStorage, writerIn } from './table-storage.conformance';

describeTableStorage('LocalStorage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local storage '));
  const root = join(folder, 'root');
  return {
    port: { storage: new LocalStorage(root), root, write: writerIn(root) },
    close: () => rm(folder, { recursive: true }),
  };
});
