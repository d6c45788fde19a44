import type { StreamQueryRecord } from '@millrace/domain';

/** A streaming query that runs and has reported no progress yet. */
export function aStreamQuery(overrides: Partial<StreamQueryRecord> = {}): StreamQueryRecord {
  return {
    name: 'transactions',
    queryId: '0b9c1f2e-6a7d-4c58-8e13-5f2a9d7b4c60',
    runId: '7d1e3a5b-2c4f-4e6a-9b8d-0f1c2d3e4a5b',
    checkpointPath: '/data/_checkpoints/transactions-stream/transactions',
    tablePath: '/data/stream/transactions',
    isActive: true,
    statusMessage: null,
    lastProgress: null,
    recentProgress: [],
    counts: null,
    errorMessage: null,
    restarts: 0,
    generation: 1,
    failure: null,
    measures: null,
    updateTime: new Date('2025-01-15T10:30:05.678Z'),
    ...overrides,
  };
}
