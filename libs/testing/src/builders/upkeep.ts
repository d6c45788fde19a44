import type { NewUpkeepRun } from '@millrace/domain';
import { aUuid } from './batch';

/** An optimize of the stream's events that is about to begin. */
export function anUpkeepRun(overrides: Partial<NewUpkeepRun> = {}): NewUpkeepRun {
  return {
    runId: aUuid(1),
    jobId: 'repeat:transactions-optimize:1736942400000',
    table: 'transactions',
    operation: 'optimize',
    startTime: new Date('2025-01-15T12:00:00.123Z'),
    ...overrides,
  };
}
