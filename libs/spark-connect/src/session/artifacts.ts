import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { RpcOptions } from '../channel/grpc-channel';
import { withRetries } from '../channel/retry';
import { ProtocolError } from '../errors/spark-connect-error';
import type { CallOptions } from '../execute/action-options';
import { refuseWrongDeadline } from '../execute/option-checks';
import {
  AddArtifactsRequestSchema,
  ArtifactStatusesRequestSchema,
  SparkConnectService,
  type AddArtifactsRequest,
  type AddArtifactsResponse,
} from '../generated/spark/connect/base_pb';
import type { WaitLimits } from './call-limits';
import type { SparkConnectClient } from './spark-connect-client';

/** What gRPC recommends for streams of messages, and PySpark takes. */
const CHUNK_BYTES = 32 * 1024;

/** Something to be kept on the server for the session, under a relative path. */
export interface Artifact {
  readonly name: string;
  readonly sizeBytes: number;
  chunks(chunkBytes: number): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * The artifact of a file: a jar joins the class path of the session, any other file can be opened by its name on every executor.
 * @throws TypeError for files that only another kind of client can use.
 */
export async function artifactOfFile(path: string): Promise<Artifact> {
  const file = basename(path);
  if (/\.(py|pyc|egg|whl)$/i.test(file))
    throw new TypeError(`${file}: Python files serve Python's functions, which this client cannot register`);
  if (/\.class$/i.test(file))
    throw new TypeError(
      `${file}: single classes serve closures of the JVM; put classes into a jar and add that`,
    );
  const found = await stat(path);
  if (!found.isFile()) throw new TypeError(`${path} is not a file`);
  return {
    name: `${/\.jar$/i.test(file) ? 'jars' : 'files'}/${file}`,
    sizeBytes: found.size,
    chunks: (chunkBytes) => fileChunks(path, chunkBytes),
  };
}

async function* fileChunks(path: string, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    for (;;) {
      const chunk = Buffer.alloc(chunkBytes);
      let length = 0;
      // A read may give less than is there; only nothing at all is the end.
      for (let bytesRead = -1; length < chunkBytes && bytesRead !== 0; length += bytesRead) {
        ({ bytesRead } = await file.read(chunk, length, chunkBytes - length));
      }
      if (length > 0) yield chunk.subarray(0, length);
      if (length < chunkBytes) return;
    }
  } finally {
    await file.close();
  }
}

function artifactOfBytes(name: string, bytes: Uint8Array): Artifact {
  return { name, sizeBytes: bytes.length, chunks: (chunkBytes) => byteChunks(bytes, chunkBytes) };
}

function* byteChunks(bytes: Uint8Array, chunkBytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** Sends artifacts, in one stream; sending the same again does no harm. */
export async function addArtifacts(
  client: SparkConnectClient,
  artifacts: readonly Artifact[],
  options: CallOptions = {},
): Promise<void> {
  refuseWrongDeadline(options);
  const { channel, settings } = client.parts;
  const rpc: RpcOptions = {
    headers: client.headers,
    signal: options.signal,
    deadlineAt: Date.now() + (options.deadlineMs ?? settings.uploadDeadlineMs),
  };
  try {
    const response = await withRetries(settings.retryPolicy, { ...rpc, closed: channel.closed }, () =>
      channel.clientStream(SparkConnectService.method.addArtifacts, requestsOf(client, artifacts), rpc),
    );
    client.checkSession(response);
    refuseDamaged(response);
  } catch (error) {
    throw await client.publicError(error);
  }
}

/** Sends bytes under `cache/<hash>`, unless the server has them. Without a deadline each call has the default of its kind. */
export async function cacheData(
  client: SparkConnectClient,
  hash: string,
  bytes: Uint8Array,
  { signal, deadlineAt }: WaitLimits,
): Promise<void> {
  const left = (): CallOptions => ({
    signal,
    deadlineMs: deadlineAt === undefined ? undefined : Math.max(deadlineAt - Date.now(), 0),
  });
  const name = `cache/${hash}`;
  const request = () =>
    create(ArtifactStatusesRequestSchema, { ...client.parts.identity.stamp(), names: [name] });
  const { statuses } = await client.call(SparkConnectService.method.artifactStatus, request, left());
  if (statuses[name]?.exists !== true) await addArtifacts(client, [artifactOfBytes(name, bytes)], left());
}

function refuseDamaged(response: AddArtifactsResponse): void {
  const damaged = response.artifacts.filter(({ isCrcSuccessful }) => !isCrcSuccessful);
  if (damaged.length === 0) return;
  throw new ProtocolError(
    `damaged on the way to the server: ${damaged.map(({ name }) => name).join(', ')}; send again`,
  );
}

type Payload = NonNullable<MessageInitShape<typeof AddArtifactsRequestSchema>['payload']>;

async function* requestsOf(
  client: SparkConnectClient,
  artifacts: readonly Artifact[],
): AsyncGenerator<AddArtifactsRequest> {
  for (const artifact of artifacts) {
    for await (const payload of payloadsOf(artifact)) {
      yield create(AddArtifactsRequestSchema, { ...client.parts.identity.stamp(), payload });
    }
  }
}

/** A small artifact is one message; a large one begins with a message that says how many chunks there are. */
async function* payloadsOf(artifact: Artifact): AsyncGenerator<Payload> {
  const { name, sizeBytes } = artifact;
  if (sizeBytes === 0)
    yield { case: 'batch', value: { artifacts: [{ name, data: { data: new Uint8Array() } }] } };
  const numChunks = Math.ceil(sizeBytes / CHUNK_BYTES);
  let sentChunks = 0;
  for await (const bytes of artifact.chunks(CHUNK_BYTES)) {
    const data = { data: bytes, crc: BigInt(crc32(bytes)) };
    if (numChunks <= 1) yield { case: 'batch', value: { artifacts: [{ name, data }] } };
    else if (sentChunks > 0) yield { case: 'chunk', value: data };
    else
      yield {
        case: 'beginChunk',
        value: {
          name,
          totalBytes: BigInt(sizeBytes),
          numChunks: BigInt(numChunks),
          initialChunk: data,
        },
      };
    sentChunks += 1;
  }
  if (sentChunks !== numChunks) throw new TypeError(`${name} changed while it was sent`);
}
