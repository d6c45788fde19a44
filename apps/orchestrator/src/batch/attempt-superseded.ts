import type { AttemptKey } from '@millrace/domain';

/** The row was changed by somebody else meanwhile: this attempt ends without a trace. */
export class AttemptSuperseded extends Error {
  constructor(key: AttemptKey) {
    super(`Attempt ${key.attempt} of ${key.batchId} is no longer the current one`);
    this.name = 'AttemptSuperseded';
  }
}
