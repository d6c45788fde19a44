/** Why an attempt was ended from outside. */
export type AbortReason =
  /** This process ends: the batch goes back to the queue. */
  | { readonly kind: 'drain' }
  | { readonly kind: 'timeout'; readonly limitSeconds: number }
  /** Somebody asked for the end of the batch. */
  | { readonly kind: 'cancel' }
  /** The row went on without this attempt. */
  | { readonly kind: 'superseded' };

/** What the signal of an aborted attempt carries. */
export class AttemptAborted extends Error {
  constructor(readonly reason: AbortReason) {
    super(`The attempt was ended: ${reason.kind}`);
    this.name = 'AttemptAborted';
  }
}

/** Undefined as long as the attempt was not ended from outside. */
export function abortReasonOf(signal: AbortSignal): AbortReason | undefined {
  return signal.reason instanceof AttemptAborted ? signal.reason.reason : undefined;
}
