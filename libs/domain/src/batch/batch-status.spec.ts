import { BATCH_STATUSES, canTransition, isTerminal } from './batch-status';

describe('batch status', () => {
  it('leaves a terminal state only for another attempt of a failed batch', () => {
    const terminal = BATCH_STATUSES.filter(isTerminal);
    expect(terminal).toEqual(['COMPLETED', 'FAILED', 'CANCELLED', 'UNKNOWN']);
    for (const from of terminal) {
      for (const to of BATCH_STATUSES) {
        expect([from, to, canTransition(from, to)]).toEqual([
          from,
          to,
          from === 'FAILED' && to === 'PENDING',
        ]);
      }
    }
  });

  it('completes only what is running', () => {
    expect(BATCH_STATUSES.filter((from) => canTransition(from, 'COMPLETED'))).toEqual(['RUNNING']);
  });

  it('hands a running batch back to the queue', () => {
    expect(canTransition('RUNNING', 'PENDING')).toBe(true);
  });
});
