import { tablePaths } from '@millrace/domain';
import { auditRegistry } from '../recovery/audit-registry';
import type { RecoveryPorts, WalkOptions } from '../recovery/ports';
import { recoverRegistry } from '../recovery/recover-registry';
import { HELP, parseArguments } from './arguments';
import type { RegistryAction } from './arguments';
import type { RegistryCommandConfig } from './config';
import { problemOf, withStorage } from './command-storage';
import { progressLine } from './progress-line';
import { auditText, rebuildText } from './report-text';

/** Exit codes. */
const CLEAN = 0;
const FINDINGS = 1;
const UNUSABLE = 2;

const DAY_MS = 86_400_000;

export interface CommandOutput {
  /** What was asked for. */
  readonly out: (text: string) => void;
  /** What happens meanwhile, and what went wrong. */
  readonly note: (text: string) => void;
}

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
    const config = readConfig();
    return await withStorage(config, 'millrace-registry-command', ({ batches }, tables) =>
      act(parsed, { batches, tables, paths: tablePaths(config.deltaBasePath) }, config, output),
    );
  } catch (error) {
    output.note(`${problemOf(error)}\n`);
    return UNUSABLE;
  }
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
