import { isDeltaError } from '@millrace/delta';
import type { DeltaTables, Snapshot } from '@millrace/delta';
import { tablePaths } from '@millrace/domain';
import { exclusiveLease } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import { Unreachable, problemOf, withStorage } from '../registry-command/command-storage';
import { progressLine } from '../registry-command/progress-line';
import type { CommandOutput } from '../registry-command/run-registry-command';
import { HELP, parseArguments } from './arguments';
import type { ReplayOptions } from './arguments';
import type { RejectsCommandConfig } from './config';
import { KafkajsSender } from './kafkajs-sender';
import { ReplayRejects } from './replay-rejects';
import type { ReplaySummary } from './replay-rejects';
import { replayJson, replayText } from './report-text';

/** Exit codes. */
const DONE = 0;
const LEFT_SOME = 1;
const UNUSABLE = 2;

const NOTHING: ReplaySummary = {
  isDryRun: false,
  isInterrupted: false,
  isLimited: false,
  reasons: [],
  refused: [],
};

/** `npm run rejects`: gives the exit code. @param signal aborted when the person has had enough. */
export async function runRejectsCommand(
  args: readonly string[],
  readConfig: () => RejectsCommandConfig,
  output: CommandOutput,
  signal: AbortSignal,
): Promise<number> {
  const parsed = parseArguments(args);
  if (parsed.kind === 'help') {
    output.out(HELP);
    return DONE;
  }
  if (parsed.kind === 'usage') {
    output.note(`${parsed.message}\n\n${HELP}`);
    return UNUSABLE;
  }
  try {
    const summary = await replay(parsed, readConfig(), output, signal);
    output.out(parsed.json ? replayJson(summary) : replayText(summary));
    return summary.isInterrupted || summary.refused.length > 0 ? LEFT_SOME : DONE;
  } catch (error) {
    output.note(`${problemOf(error)}\n`);
    return UNUSABLE;
  }
}

function replay(
  options: ReplayOptions,
  config: RejectsCommandConfig,
  { note }: CommandOutput,
  signal: AbortSignal,
): Promise<ReplaySummary> {
  return withStorage(config, 'millrace-rejects-command', async (registry, tables) => {
    const snapshot = await rejectsOf(tables, tablePaths(config.deltaBasePath).rejects);
    if (snapshot === undefined) return { ...NOTHING, isDryRun: options.isDryRun };
    const work = (lost: AbortSignal) =>
      run(options, { config, registry, tables, snapshot, note, signal: AbortSignal.any([signal, lost]) });
    return options.isDryRun ? work(new AbortController().signal) : alone(config.databaseUrl, work);
  });
}

/** Two at once would send the same events. */
async function alone<T>(databaseUrl: string, work: (lost: AbortSignal) => Promise<T>): Promise<T> {
  const lost = new AbortController();
  const lease = exclusiveLease(databaseUrl, 'rejects-replay');
  lease.onLost(() => {
    lost.abort();
  });
  if (!(await lease.acquire(0)))
    throw new Unreachable('Another replay of rejects is under way: wait until it has ended');
  try {
    return await work(lost.signal);
  } finally {
    await lease.release();
  }
}

interface Replaying {
  readonly config: RejectsCommandConfig;
  readonly registry: Registry;
  readonly tables: DeltaTables;
  readonly snapshot: Snapshot;
  readonly note: CommandOutput['note'];
  readonly signal: AbortSignal;
}

async function run(options: ReplayOptions, replaying: Replaying): Promise<ReplaySummary> {
  const { config, registry, tables, snapshot, note, signal } = replaying;
  const sender = new KafkajsSender(config.kafka);
  try {
    const work = new ReplayRejects(
      { tables, replays: registry.rejectReplays, sender },
      {
        ...options,
        signal,
        onProgress: progressLine(note, Date.now, 'rejects'),
        now: () => new Date(),
      },
    );
    return await work.run(snapshot);
  } finally {
    await sender.close();
  }
}

/** Undefined where no stream has run yet. */
async function rejectsOf(tables: DeltaTables, path: string): Promise<Snapshot | undefined> {
  try {
    return await tables.openSnapshot(path);
  } catch (error) {
    if (isDeltaError(error) && error.reason === 'TABLE_NOT_FOUND') return undefined;
    throw error;
  }
}
