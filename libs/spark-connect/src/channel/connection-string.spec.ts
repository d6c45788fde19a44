import { DEFAULT_MAX_MESSAGE_BYTES, parseConnectionString } from './connection-string';

const BASE = {
  host: 'h',
  port: 15_002,
  useSsl: false,
  maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
  headers: {},
};
const UUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

describe('parseConnectionString', () => {
  it.each([
    ['sc://h', BASE],
    ['sc://h/', BASE],
    ['sc://h:443', { ...BASE, port: 443 }],
    ['sc://[::1]:15002', { ...BASE, host: '[::1]' }],
    ['sc://h/;user_id=a', { ...BASE, userId: 'a' }],
    ['sc://h:1/;token=a%3Bb%20c;use_ssl=true', { ...BASE, port: 1, token: 'a;b c', useSsl: true }],
    [`sc://h/;session_id=${UUID};user_agent=me`, { ...BASE, sessionId: UUID, userAgent: 'me' }],
    ['sc://h/;use_ssl=False', BASE],
    ['sc://h/;grpc_max_message_size=1000', { ...BASE, maxMessageBytes: 1000 }],
    [
      'sc://h/;X-Spark-Scheduler-Pool=p;a=b=c;',
      { ...BASE, headers: { 'x-spark-scheduler-pool': 'p', a: 'b=c' } },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseConnectionString(text)).toEqual(expected);
  });

  it.each([
    ['http://h', 'sc://host:port'],
    ['sc://', 'sc://host:port'],
    ['sc://h:port', 'sc://host:port'],
    ['sc://h:0', 'port'],
    ['sc://h:65536', 'port'],
    ['sc://h/path', 'path'],
    ['sc://h/;user_id', 'key=value'],
    ['sc://h/;=x', 'key=value'],
    ['sc://h/;session_id=1', 'UUID'],
    ['sc://h/;token=%zz', 'percent-encoding'],
    ['sc://h/;grpc_max_message_size=-1', 'grpc_max_message_size'],
    ['sc://h/;a b=c', 'header name'],
    ['sc://h/;use_ssl=1', 'use_ssl must be true or false'],
    ['sc://h/;use_ssl=yes', 'use_ssl must be true or false'],
    ['sc://h/;use_ssl=', 'use_ssl must be true or false'],
    ['sc://h/;USE_SSL=true', 'write use_ssl in lower case'],
    ['sc://h/;Token=x', 'write token in lower case'],
  ])('refuses %s', (text, part) => {
    expect(() => parseConnectionString(text)).toThrow(part);
  });

  it('never repeats a value in an error', () => {
    try {
      parseConnectionString('sc://h/;token=%zz-secret');
    } catch (error) {
      expect(String(error)).not.toContain('secret');
    }
    expect.assertions(1);
  });
});
