import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeAtomically } from '../home/write-atomically';
import { identityOf } from './identity';

/** The supervisor's own record, which is the lock of the home as well. */
export const SUPERVISOR_RECORD = 'supervisor.json';

const runRecordSchema = z.object({
  pid: z.number().int().positive(),
  /** See `identityOf`: what tells this process from a later one with the same number. */
  identity: z.string(),
  startedAt: z.string(),
  command: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']).default('SIGTERM'),
});

/** What is known of a child so that a later run can end it and nobody else. */
export type RunRecord = z.infer<typeof runRecordSchema>;

export interface NamedRecord extends RunRecord {
  readonly name: string;
}

/** Notes a child that was just started. It leads its own process group, so its pid is the group's id as well. */
export function writeRunRecord(
  folder: string,
  name: string,
  child: { pid: number; command: string; stopSignal: 'SIGTERM' | 'SIGINT' },
): void {
  const record: RunRecord = {
    pid: child.pid,
    // A child that ended at once has no identity any more; this one matches no process.
    identity: identityOf(child.pid) ?? 'gone',
    startedAt: new Date().toISOString(),
    command: child.command,
    stopSignal: child.stopSignal,
  };
  writeAtomically(join(folder, `${name}.json`), `${JSON.stringify(record, undefined, 2)}\n`);
}

export function removeRunRecord(folder: string, name: string): void {
  rmSync(join(folder, `${name}.json`), { force: true });
}

/** All records of the children in a folder; what cannot be read as one is left out. */
export function readRunRecords(folder: string): readonly NamedRecord[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && file !== SUPERVISOR_RECORD)
    .flatMap((file) => {
      const record = readRunRecord(join(folder, file));
      return record ? [{ ...record, name: file.slice(0, -'.json'.length) }] : [];
    });
}

/** One record. Undefined where there is none or it cannot be read. */
export function readRunRecord(file: string): RunRecord | undefined {
  try {
    return runRecordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
