import { InvalidSettings, KafkaUnavailable } from '@millrace/generator';
import { isSparkConnectError } from 'spark-connect-js';
import type { SparkConnectError } from 'spark-connect-js';
import type { SeederSettings } from './config';

/** The seeding was stopped from outside. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Without the error class that Spark begins with, and without the stop at the end. */
const gist = (message: string): string =>
  (message.split('\n')[0] ?? '').replace(/^\[[\w.]+\] /, '').replace(/\.$/, '');

function ofSpark(error: SparkConnectError, { sparkRemote, stagingRoot, tablePath }: SeederSettings): string {
  if (error.code === 'CONNECTION_UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED') {
    return `No Spark Connect server answers at ${sparkRemote}. Start it, or set SPARK_REMOTE to the address of one that runs.`;
  }
  if (error.errorClass?.startsWith('PATH_NOT_FOUND') === true) {
    return `Spark does not see ${stagingRoot}. Set DELTA_BASE_PATH to a folder that this machine and Spark share.`;
  }
  const what = error.errorClass ?? error.code;
  return `Spark could not write ${tablePath} (${what}): ${gist(error.message)}. Nothing was added; its log says more.`;
}

function ofSystem(error: Error & { readonly code?: unknown }, { stagingRoot }: SeederSettings): string {
  const cure =
    error.code === 'ENOSPC'
      ? 'Free some space'
      : 'Make it writable, or set DELTA_BASE_PATH to another folder';
  return `The rows cannot be staged below ${stagingRoot} (${error.message}). ${cure}.`;
}

/** One sentence with the cause, one with the cure. */
export function explain(error: unknown, settings: SeederSettings): string {
  if (isSparkConnectError(error)) return ofSpark(error, settings);
  if (error instanceof KafkaUnavailable || error instanceof InvalidSettings || error instanceof Stopped) {
    return error.message;
  }
  if (error instanceof Error && 'syscall' in error) return ofSystem(error, settings);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
