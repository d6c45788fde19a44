import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeltaTables } from '@millrace/delta';
import { isMillraceError, tablePaths } from '@millrace/domain';
import { ConfigError } from '@millrace/platform';
import { openRegistry } from '@millrace/registry';
import { auditRegistry } from '../recovery/audit-registry';
import type { RecoveryPorts, WalkOptions } from '../recovery/ports';
import { recoverRegistry } from '../recovery/recover-registry';
import { HELP, parseArguments } from './arguments';
import type { RegistryAction } from './arguments';
import type { RegistryCommandConfig } from './config';
import { progressLine } from './progress-line';
import { auditText, rebuildText } from './report-text';

/** Exit codes. */
const CLEAN = 0;
const FINDINGS = 1;
const UNUSABLE = 2;

/** A table or a column that Postgres does not know, in its own codes and in Prisma's. */
const OTHER_SCHEMA: ReadonlySet<string> = new Set(['42P01', '42703', 'P2021', 'P2022']);

const DAY_MS = 86_400_000;
const REGISTRY_CONNECTIONS = 4;

export interface CommandOutput {
  /** What was asked for. */
  readonly out: (text: string) => void;
  /** What happens meanwhile, and what went wrong. */
  readonly note: (text: string) => void;
}

/** The base path is not there: nothing can be said about what it holds. */
class Unreachable extends Error {}

/** `npm run registry`: gives the exit code. */
export async function runRegistryCommand(
  args: readonly string[],
  readConfig: () => RegistryCommandConfig,
  output: CommandOutput,
): Promise<number> {
  const parsed = parseArguments(args);
  if (parsed.kind === 'help') {
    output.out(HELP);
    return CLEAN;
  }
  if (parsed.kind === 'usage') {
    output.note(`${parsed.message}\n\n${HELP}`);
    return UNUSABLE;
  }
  try {
    return await withPorts(readConfig(), (ports, config) => act(parsed, ports, config, output));
  } catch (error) {
    output.note(`${problemOf(error)}\n`);
    return UNUSABLE;
  }
}

/** One sentence with cause and cure. What nobody foresaw is thrown on. */
function problemOf(error: unknown): string {
  const isAway = isMillraceError(error) && error.code === 'SERVICE_UNAVAILABLE';
  if (isAway || error instanceof ConfigError || error instanceof Unreachable) return error.message;
  if (error instanceof Error && 'code' in error && OTHER_SCHEMA.has(String(error.code))) {
    return `The database has not the tables of this version (${error.message}): start Millrace once, which makes them`;
  }
  throw error;
}

async function withPorts(
  config: RegistryCommandConfig,
  use: (ports: RecoveryPorts, config: RegistryCommandConfig) => Promise<number>,
): Promise<number> {
  if (!config.isLocalStack) await requireFolder(config.deltaBasePath);
  const registry = openRegistry({
    databaseUrl: config.databaseUrl,
    maxConnections: REGISTRY_CONNECTIONS,
    applicationName: 'millrace-registry-command',
  });
  const tables = DeltaTables.open({
    root: config.deltaBasePath,
    memoryLimitMib: config.memoryLimitMib,
    threads: config.readerThreads,
    spillDirectory: join(tmpdir(), `millrace-registry-${String(process.pid)}`),
  });
  try {
    await registry.ping();
    const paths = tablePaths(config.deltaBasePath);
    return await use({ batches: registry.batches, tables, paths }, config);
  } finally {
    await tables.close();
    await registry.close();
  }
}

/** Without it every row would look like one whose files are gone. */
async function requireFolder(basePath: string): Promise<void> {
  const path = basePath.startsWith('file:') ? fileURLToPath(basePath) : basePath;
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return;
  throw new Unreachable(`There is no folder ${path}: set DELTA_BASE_PATH to where the Delta tables are`);
}

async function act(
  { action, json }: { readonly action: RegistryAction; readonly json: boolean },
  ports: RecoveryPorts,
  config: RegistryCommandConfig,
  output: CommandOutput,
): Promise<number> {
  const walk: WalkOptions = { now: () => new Date(), onProgress: progressLine(output.note) };
  if (action === 'audit') {
    const report = await auditRegistry(ports, { ...walk, graceMs: config.deleteGraceSeconds * 1_000 });
    output.out(json ? jsonText(report) : auditText(report));
    return report.findings.length === 0 ? CLEAN : FINDINGS;
  }
  const summary = await recoverRegistry(ports, { ...walk, retentionMs: config.retentionDays * DAY_MS });
  output.out(json ? jsonText(summary) : rebuildText(summary));
  const isWhole = summary.failed.length === 0 && summary.recovered.every((it) => it.status === 'COMPLETED');
  return isWhole ? CLEAN : FINDINGS;
}

function jsonText(value: object): string {
  const plain = (_key: string, item: unknown) => (typeof item === 'bigint' ? Number(item) : item);
  return `${JSON.stringify(value, plain, 2)}\n`;
}
