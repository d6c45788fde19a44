import { create } from '@bufbuild/protobuf';
import { withCure } from '../errors/failure-message';
import { ProtocolError, SessionChangedError } from '../errors/spark-connect-error';
import { UserContextSchema, type UserContext } from '../generated/spark/connect/base_pb';

/** The members every request of the protocol starts with. */
export interface RequestIdentity {
  readonly sessionId: string;
  readonly userContext: UserContext;
  readonly clientType: string;
  readonly clientObservedServerSideSessionId?: string;
}

/**
 * Which session we are, on both sides. Without the observed server-side id a restarted server would silently make a new, empty
 * session under our id, so it is sent with every request once it is known.
 */
export class SessionIdentity {
  private observed: string | undefined;
  private released = false;

  constructor(
    readonly userId: string,
    readonly sessionId: string,
    private readonly clientType: string,
    observedServerSideSessionId?: string,
  ) {
    this.observed = observedServerSideSessionId;
  }

  get serverSideSessionId(): string | undefined {
    return this.observed;
  }

  /** The session was ended on the server by us, for good. */
  get isReleased(): boolean {
    return this.released;
  }

  /** @param isForGood - the id cannot be used again. */
  noteRelease(isForGood: boolean): void {
    this.released = isForGood;
  }

  /** The members to spread into a request. */
  stamp(): RequestIdentity {
    return {
      sessionId: this.sessionId,
      userContext: create(UserContextSchema, { userId: this.userId, userName: this.userId }),
      clientType: this.clientType,
      ...(this.observed === undefined ? {} : { clientObservedServerSideSessionId: this.observed }),
    };
  }

  /**
   * Compares a response with the session it was asked of.
   * @throws ProtocolError when it belongs to another session id.
   * @throws SessionChangedError when the server made the session anew.
   */
  check(response: { readonly sessionId: string; readonly serverSideSessionId: string }): void {
    if (response.sessionId !== '' && response.sessionId !== this.sessionId) {
      throw new ProtocolError(
        `a response of session ${response.sessionId} arrived in session ${this.sessionId}`,
        {
          sessionId: this.sessionId,
        },
      );
    }
    if (response.serverSideSessionId === '') return;
    if (this.observed !== undefined && this.observed !== response.serverSideSessionId) {
      throw new SessionChangedError(
        withCure(
          SessionChangedError,
          `the server made session ${this.sessionId} anew: expected ${this.observed}, got ${response.serverSideSessionId}`,
        ),
        { sessionId: this.sessionId, errorClass: 'INVALID_HANDLE.SESSION_CHANGED' },
      );
    }
    this.observed = response.serverSideSessionId;
  }
}
