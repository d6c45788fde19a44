import { spawn } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { writeRunRecord } from './run-records';

const LOG_ROTATES_AT_BYTES = 32 * 1024 * 1024;

/** How to run one server or application. */
export interface ChildSpec {
  /** Names its log, its record and its step. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Another user to run as; only root can ask for it. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** The signal on which it ends in order. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The command could not be run at all. */
  readonly error?: Error;
}

export interface RunningChild {
  readonly pid: number | undefined;
  readonly exited: Promise<Exit>;
}

/** Where children leave their traces. */
export interface ChildFolders {
  readonly logs: string;
  readonly run: string;
}

/** The log of a part. */
export function logFileOf(folders: ChildFolders, name: string): string {
  return `${folders.logs}/${name}.log`;
}

/**
 * Starts a child as the leader of its own process group, so that a Ctrl-C at the terminal reaches only the supervisor
 * (which stops the parts in order) and so that its descendants can be ended with it. Its output goes straight into its
 * log, which therefore outlives the supervisor. Whoever sees it end for good removes its record; until then the record of
 * the next start replaces it, so that one can always be read.
 */
export function startChild(spec: ChildSpec, folders: ChildFolders): RunningChild {
  const logFile = logFileOf(folders, spec.name);
  rotate(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    env: { ...spec.env },
    detached: true,
    stdio: ['ignore', log, log],
    ...spec.owner,
  });
  closeSync(log);
  if (child.pid !== undefined) {
    const command = [spec.command, ...spec.args].join(' ').slice(0, 500);
    writeRunRecord(folders.run, spec.name, {
      pid: child.pid,
      command,
      stopSignal: spec.stopSignal ?? 'SIGTERM',
    });
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      resolve({ code: null, signal: null, error });
    });
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return { pid: child.pid, exited };
}

/** One sentence on how a child ended. */
export function describeExit(exit: Exit): string {
  if (exit.error) return `could not be started: ${exit.error.message}`;
  if (exit.signal) return `was ended by ${exit.signal}`;
  return `exited with code ${String(exit.code)}`;
}

function rotate(logFile: string): void {
  try {
    if (statSync(logFile).size > LOG_ROTATES_AT_BYTES) renameSync(logFile, `${logFile}.1`);
  } catch {
    // There is no log yet.
  }
}
