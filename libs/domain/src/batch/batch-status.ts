export const BATCH_STATUSES = ['PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'UNKNOWN'] as const;

export type BatchStatus = (typeof BATCH_STATUSES)[number];

/**
 * The only changes of state there are. RUNNING goes back to PENDING when an attempt is handed back (drain, restart,
 * retryable failure); FAILED does when somebody asks for it, and keeps what its finished steps wrote. UNKNOWN is what
 * recovery from disk gives when the log is incomplete.
 */
const TRANSITIONS: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  PENDING: ['RUNNING', 'CANCELLED', 'FAILED'],
  RUNNING: ['COMPLETED', 'FAILED', 'CANCELLED', 'PENDING'],
  COMPLETED: [],
  FAILED: ['PENDING'],
  CANCELLED: [],
  UNKNOWN: [],
};

export function canTransition(from: BatchStatus, to: BatchStatus): boolean {
  return TRANSITIONS[from].includes(to);
}

/** Nothing happens to the batch any more unless somebody asks for it. */
export function isTerminal(status: BatchStatus): boolean {
  return status !== 'PENDING' && status !== 'RUNNING';
}
