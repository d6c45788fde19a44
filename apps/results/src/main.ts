import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import { createService, runMain } from '@millrace/platform';
import { openRegistry } from '@millrace/registry';
import { AppModule } from './app.module';
import { readResultsConfig } from './config';
import type { ResultsPorts } from './ports';

/** Look-ups are short: a few connections serve many of them. */
const REGISTRY_CONNECTIONS = 5;
const REGISTRY_TIMEOUT_MS = 3_000;

runMain(async () => {
  const config = readResultsConfig();
  const registry = openRegistry({
    databaseUrl: config.databaseUrl,
    maxConnections: REGISTRY_CONNECTIONS,
    applicationName: 'millrace-results',
    statementTimeoutMs: REGISTRY_TIMEOUT_MS,
  });
  const tables = DeltaTables.open({
    root: config.deltaBasePath,
    memoryLimitMib: config.memoryLimitMib,
    threads: config.readerThreads,
    spillDirectory: join(tmpdir(), `millrace-results-${String(process.pid)}`),
  });
  const ports: ResultsPorts = {
    batches: registry.batches,
    tables,
    pingRegistry: () => registry.ping(),
    close: async () => {
      await tables.close();
      await registry.close();
    },
  };
  const service = await createService(AppModule.of(config, ports), { name: 'results', ...config });
  await service.listen();
});
