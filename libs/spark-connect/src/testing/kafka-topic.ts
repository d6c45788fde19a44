import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { requireEndpoints } from '@millrace/testing';

const CREATE_TOPICS = { key: 19, version: 2 };
const DELETE_TOPICS = { key: 20, version: 1 };
const TIMEOUT_MS = 20_000;

/** A topic of the running stack that a spec has for itself. */
export interface KafkaTopic {
  readonly bootstrapServers: string;
  readonly name: string;
  remove(): Promise<void>;
}

/**
 * Makes a topic with two requests' worth of the Kafka protocol: Spark can write to a topic but not create one, and this library depends on
 * no Kafka client.
 */
export async function kafkaTopic(partitions = 1): Promise<KafkaTopic> {
  const bootstrapServers = requireEndpoints().kafka;
  const name = `spark-connect-js-${randomUUID()}`;
  const replicas = 1;
  const noAssignmentsNoConfigs = Buffer.concat([int32(0), int32(0)]);
  const topic = Buffer.concat([text(name), int32(partitions), int16(replicas), noAssignmentsNoConfigs]);
  const body = Buffer.concat([int32(1), topic, int32(TIMEOUT_MS), Buffer.from([0])]);
  await request(bootstrapServers, CREATE_TOPICS, body);
  const remove = (): Promise<void> =>
    request(bootstrapServers, DELETE_TOPICS, Buffer.concat([int32(1), text(name), int32(TIMEOUT_MS)]));
  return { bootstrapServers, name, remove };
}

/** Sends one request about one topic; rejects unless the answer holds error code 0 for it. */
async function request(
  server: string,
  api: { readonly key: number; readonly version: number },
  body: Buffer,
): Promise<void> {
  const [host, port] = server.split(':');
  const header = Buffer.concat([int16(api.key), int16(api.version), int32(1), text('spark-connect-js-spec')]);
  const answer = await exchange(host ?? '', Number(port), Buffer.concat([header, body]));
  // correlation id, throttle time, number of topics, then name and error code of the one.
  const nameLength = answer.readInt16BE(12);
  const errorCode = answer.readInt16BE(14 + nameLength);
  if (errorCode !== 0)
    throw new Error(`Kafka answered request ${String(api.key)} with error ${String(errorCode)}`);
}

function exchange(host: string, port: number, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, host, () => socket.write(Buffer.concat([int32(message.length), message])));
    let received = Buffer.alloc(0);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('Kafka did not answer')));
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('Kafka hung up before it answered'));
    });
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(received.subarray(4));
      socket.end();
    });
  });
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
}
