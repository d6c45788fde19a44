import { readFile, readdir } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { S3Server } from '@millrace/testing';

/** How the way to the store fails: in the middle of an answer, by silence, or by an answer of its own. */
export type Fault = 'cut' | 'silence' | 'refusal' | 'busy';

const BUCKET = 'tables';
const PUTS_AT_ONCE = 16;
const CREDENTIALS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'name-of-specs',
  AWS_SECRET_ACCESS_KEY: 'secret-of-specs',
};

/** A real object store behind a proxy that notes what is asked and can fail; and a client that writes to it. */
export class S3Store {
  readonly bucket = BUCKET;
  /** `GET key` and the like, of objects alone. */
  readonly asked: string[] = [];
  /** Of the next requests for an object's content. */
  fault: Fault | undefined;
  private readonly client: S3Client;
  private constructor(
    private readonly server: S3Server,
    private readonly proxy: Server,
  ) {
    this.client = new S3Client({ endpoint: server.endpoint, forcePathStyle: true });
  }

  /** @param environment of this process: the client finds the store by it. */
  static async start(environment: NodeJS.ProcessEnv): Promise<S3Store> {
    const server = await S3Server.start(BUCKET);
    const proxy = createServer();
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    Object.assign(environment, CREDENTIALS);
    const store = new S3Store(server, proxy);
    environment['AWS_ENDPOINT_URL_S3'] = store.endpoint;
    proxy.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
      store.pass(asked, answer);
    });
    return store;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.proxy.address() as AddressInfo).port}`;
  }

  async put(key: string, content: string | Uint8Array): Promise<void> {
    const Body = Buffer.from(content);
    // The client takes an empty body for one of unknown length.
    await this.client.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: key, Body, ContentLength: Body.byteLength }),
    );
  }

  /** Everything below a local folder. */
  async upload(folder: string, prefix: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    for (let first = 0; first < files.length; first += PUTS_AT_ONCE) {
      const some = files.slice(first, first + PUTS_AT_ONCE);
      await Promise.all(
        some.map(async (file) => this.put(prefix + file.slice(folder.length), await readFile(file))),
      );
    }
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
  }

  async removeAll(prefix: string): Promise<void> {
    const listed = await this.client.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
    for (const { Key: key = '' } of listed.Contents ?? []) await this.remove(key);
  }

  /** Keys of the objects whose content was asked for since the last call. */
  fetched(): string[] {
    const keys = this.asked.flatMap((line) => (line.startsWith('GET ') ? [line.slice('GET '.length)] : []));
    this.asked.length = 0;
    return keys.sort();
  }

  /** Nobody answers any more. */
  async goAway(): Promise<void> {
    this.proxy.closeAllConnections();
    await new Promise((resolve) => this.proxy.close(resolve));
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await this.goAway();
    await this.server.stop();
  }

  private pass(asked: IncomingMessage, answer: ServerResponse): void {
    const key = decodeURIComponent(new URL(asked.url ?? '', this.endpoint).pathname).slice(
      `/${BUCKET}/`.length,
    );
    const isContent = asked.method === 'GET' && key !== '';
    if (key !== '') this.asked.push(`${asked.method ?? ''} ${key}`);
    const fault = isContent ? this.fault : undefined;
    if (fault === 'silence') return;
    if (fault === 'refusal' || fault === 'busy') {
      refuse(answer, fault);
      return;
    }
    const { method, headers, url } = asked;
    const passed = request(
      { host: '127.0.0.1', port: this.server.port, method, headers, path: url },
      (found) => {
        answer.writeHead(found.statusCode ?? 500, found.headers);
        if (fault === 'cut') cut(found, answer);
        else found.pipe(answer);
      },
    );
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  }
}

function refuse(answer: ServerResponse, fault: 'refusal' | 'busy'): void {
  const [status, code] = fault === 'refusal' ? [403, 'AccessDenied'] : [503, 'SlowDown'];
  answer.writeHead(status, { 'content-type': 'application/xml' });
  answer.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

/** Half of what was promised. */
function cut(found: IncomingMessage, answer: ServerResponse): void {
  const half = Math.floor(Number(found.headers['content-length']) / 2);
  let sent = 0;
  found.on('data', (chunk: Buffer) => {
    const piece = chunk.subarray(0, half - sent);
    sent += piece.length;
    answer.write(piece, () => {
      if (sent === half) answer.destroy();
    });
  });
}
