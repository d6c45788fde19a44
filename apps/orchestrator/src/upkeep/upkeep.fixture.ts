import { randomUUID } from 'node:crypto';
import type { KeptTable, UpkeepMetrics, UpkeepOperation, UpkeepRun } from '@millrace/domain';
import { InMemoryUpkeepRegistry } from '@millrace/testing';
import { SparkConnectError } from 'spark-connect-js';
import { RunUpkeep } from './run-upkeep';
import type { UpkeepTiming } from './run-upkeep';
import type { Carrying, TableUpkeep } from './table-upkeep';

export const METRICS: UpkeepMetrics = { filesAdded: 1, filesRemoved: 40 };

export const conflict = () =>
  new SparkConnectError('[DELTA_CONCURRENT_DELETE_READ] a file was deleted', {
    errorClass: 'DELTA_CONCURRENT_DELETE_READ',
  });

/** What carrying out an operation does; the default succeeds at once. */
export type UpkeepScript = (carrying: Carrying) => Promise<UpkeepMetrics>;

/** Runs until it is aborted, as a slow OPTIMIZE does. */
export const untilAborted: UpkeepScript = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new SparkConnectError('[OPERATION_CANCELED] interrupted', { errorClass: 'OPERATION_CANCELED' }));
    });
  });

/** Tables that do what the spec says, and note what was done to them. */
export class ScriptedTables implements TableUpkeep {
  readonly sessionId = randomUUID();
  /** `transactions-optimize` and so on, in the order of their executions. */
  readonly done: string[] = [];
  readonly stopped: string[] = [];
  readonly absent = new Set<KeptTable>();
  /** Taken one by one, then the default. */
  readonly scripts: UpkeepScript[] = [];
  stopFailure: Error | undefined;
  /** While it is set, Spark is away. */
  away: Error | undefined;

  exists(table: KeptTable): Promise<boolean> {
    if (this.away !== undefined) return Promise.reject(this.away);
    return Promise.resolve(!this.absent.has(table));
  }

  async carryOut(table: KeptTable, operation: UpkeepOperation, carrying: Carrying): Promise<UpkeepMetrics> {
    await carrying.nextExecution(this.sessionId);
    this.done.push(`${table}-${operation}`);
    return (await this.scripts.shift()?.(carrying)) ?? METRICS;
  }

  stop({ operationId }: UpkeepRun): Promise<void> {
    if (this.stopFailure !== undefined) return Promise.reject(this.stopFailure);
    if (operationId !== null) this.stopped.push(operationId);
    return Promise.resolve();
  }

  /** Lets the next operation run until it is aborted; resolves when it has started. */
  whenStarted(): Promise<void> {
    return new Promise((resolve) => {
      this.scripts.push((carrying) => {
        resolve();
        return untilAborted(carrying);
      });
    });
  }
}

export function setUpUpkeep(timing: Partial<UpkeepTiming> = {}) {
  const registry = new InMemoryUpkeepRegistry();
  const tables = new ScriptedTables();
  const start = () =>
    new RunUpkeep(registry, tables, { conflictPauseMs: 0, longestRunMs: 60_000, ...timing });
  const runs = (table: KeptTable = 'transactions') => registry.list(table, 100);
  return { registry, tables, start, upkeep: start(), runs };
}
