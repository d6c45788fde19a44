import { status } from '@grpc/grpc-js';
import { GrpcFailure } from '../errors/grpc-failure';
import { DEFAULT_RETRY_POLICY, RetryState, isRetryable } from './retry-policy';

const failure = (code: status, message = '', retryDelayMs?: number) =>
  new GrpcFailure(code, message, undefined, retryDelayMs);

describe('isRetryable', () => {
  it.each([
    [failure(status.UNAVAILABLE), true],
    [failure(status.INTERNAL), false],
    [failure(status.INTERNAL, '[INVALID_CURSOR.DISCONNECTED] x'), true],
    [failure(status.INTERNAL, '[INVALID_CURSOR.NOT_REATTACHABLE] x'), false],
    [failure(status.RESOURCE_EXHAUSTED), false],
    [failure(status.RESOURCE_EXHAUSTED, '', 10), true],
    [failure(status.DEADLINE_EXCEEDED), false],
    [failure(status.CANCELLED), false],
    [new Error('UNAVAILABLE'), false],
  ])('decides %p as %p', (error, expected) => {
    expect(isRetryable(error)).toBe(expected);
  });
});

describe('RetryState', () => {
  const unavailable = failure(status.UNAVAILABLE);

  it('waits as the official clients do, with jitter on the long waits only', () => {
    const state = new RetryState(DEFAULT_RETRY_POLICY, () => 0.5);
    const waits = Array.from({ length: 16 }, () => state.nextDelayMs(unavailable));
    expect(waits).toEqual([
      50,
      200,
      800,
      3_450,
      13_050,
      51_450,
      ...Array.from({ length: 9 }, () => 60_250),
      undefined,
    ]);
  });

  it('starts anew after progress', () => {
    const state = new RetryState({ ...DEFAULT_RETRY_POLICY, maxRetries: 1 });
    expect(state.nextDelayMs(unavailable)).toBe(50);
    expect(state.nextDelayMs(unavailable)).toBeUndefined();
    state.reset();
    expect(state.nextDelayMs(unavailable)).toBe(50);
  });

  it('honours a longer wait the server asks for', () => {
    const state = new RetryState(DEFAULT_RETRY_POLICY, () => 0);
    expect(state.nextDelayMs(failure(status.UNAVAILABLE, '', 1_234))).toBe(1_234);
    expect(state.nextDelayMs(failure(status.UNAVAILABLE, '', 1))).toBe(200);
  });

  it('takes a final failure for final', () => {
    expect(new RetryState(DEFAULT_RETRY_POLICY).nextDelayMs(failure(status.INTERNAL))).toBeUndefined();
  });
});
