import {
  KafkaJSConnectionError,
  KafkaJSNonRetriableError,
  KafkaJSNumberOfRetriesExceeded,
  KafkaJSProtocolError,
} from 'kafkajs';
import { describe as describeFailure, remedyOf } from './kafka-failure';

const protocolError = (type: string, retriable: boolean): Error =>
  new KafkaJSProtocolError(Object.assign(new Error(`${type} happened`), { type, code: 1, retriable }));

describe('remedyOf', () => {
  it('tries again when the broker is away, however often kafkajs has tried', () => {
    const away = new KafkaJSConnectionError('connect ECONNREFUSED', {});
    expect(remedyOf(away)).toBe('retry');
    expect(remedyOf(new KafkaJSNumberOfRetriesExceeded(away, { retryCount: 3, retryTime: 1 }))).toBe('retry');
    expect(
      describeFailure(new KafkaJSNumberOfRetriesExceeded(away, { retryCount: 3, retryTime: 1 })),
    ).toContain('ECONNREFUSED');
  });

  it('tries again on errors that the protocol calls passing', () => {
    expect(remedyOf(protocolError('NOT_LEADER_FOR_PARTITION', true))).toBe('retry');
  });

  it('asks for a new producer when the broker has forgotten this one', () => {
    expect(remedyOf(protocolError('UNKNOWN_PRODUCER_ID', false))).toBe('renew-producer');
  });

  it('gives up where repeating cannot help', () => {
    expect(remedyOf(protocolError('TOPIC_AUTHORIZATION_FAILED', false))).toBe('give-up');
    expect(remedyOf(new KafkaJSNonRetriableError('no'))).toBe('give-up');
  });
});
