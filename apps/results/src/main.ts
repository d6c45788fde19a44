import { tablePaths } from '@millrace/domain';
import { createService, runMain } from '@millrace/platform';
import { openRegistry } from '@millrace/registry';
import { AppModule } from './app.module';
import { readResultsConfig } from './config';
import { ExportFiles } from './exports/export-files';
import { exportFolder, removeLeftovers } from './exports/export-folder';
import { openTables } from './open-tables';
import type { ResultsPorts } from './ports';
import { RecoverAtStart } from './recovery/recover-at-start';

/** Look-ups are short: a few connections serve many of them. */
const REGISTRY_CONNECTIONS = 5;
const REGISTRY_TIMEOUT_MS = 3_000;
const DAY_MS = 86_400_000;
/** The one batch that is being looked at. */
const RECOVERY_STOP_MS = 5_000;

runMain(async () => {
  const config = readResultsConfig();
  const registry = openRegistry({
    databaseUrl: config.databaseUrl,
    maxConnections: REGISTRY_CONNECTIONS,
    applicationName: 'millrace-results',
    statementTimeoutMs: REGISTRY_TIMEOUT_MS,
  });
  const folder = exportFolder(config);
  await removeLeftovers(folder);
  const exports = new ExportFiles(folder, { maxMib: config.exportMib });
  const tables = openTables(config, 'millrace-results', { folder, maxFileMib: config.exportMib });
  const ports: ResultsPorts = {
    batches: registry.batches,
    tables,
    exports,
    upkeep: registry.upkeep,
    rejectReplays: registry.rejectReplays,
    pingRegistry: () => registry.ping(),
    pingTables: () => tables.ping(),
    close: async () => {
      await tables.close();
      await registry.close();
      await exports.clear();
    },
  };
  const service = await createService(AppModule.of(config, ports), { name: 'results', ...config });
  const recovery = new RecoverAtStart(
    { batches: registry.batches, tables, paths: tablePaths(config.deltaBasePath) },
    { retentionMs: config.retentionDays * DAY_MS, now: () => new Date() },
  );
  service.drain.add({ name: 'recovery', timeoutMs: RECOVERY_STOP_MS, run: () => recovery.stop() });
  await service.listen();
  recovery.start();
});
