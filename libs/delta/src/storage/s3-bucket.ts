import { Readable } from 'node:stream';
import type * as Sdk from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, ListObjectsV2CommandOutput, S3Client } from '@aws-sdk/client-s3';
import { isAbsent, s3Failure } from './s3-failure';

export interface S3ClientOptions {
  /** `endpoint/bucket` instead of `bucket.endpoint`, as most compatible stores need it. Default false. */
  readonly forcePathStyle?: boolean;
}

/** What a store knows of an object without giving it. */
export interface S3ObjectHead {
  readonly size: number;
  /** Changes with the content. */
  readonly etag: string;
}

export interface S3Object extends S3ObjectHead {
  readonly body: AsyncIterable<Uint8Array>;
}

/** Tries of a request, the first among them; the client waits between them. */
const MAX_ATTEMPTS = 3;
const CONNECTION_TIMEOUT_MS = 2_000;
/** Without a byte of the answer. */
const IDLE_TIMEOUT_MS = 5_000;

/**
 * Read access to one bucket by the official client, which finds region, address and credentials as it does everywhere: in the
 * environment, in its files, in the role of the machine. Every method throws ServiceUnavailable where the store is away.
 */
export class S3Bucket {
  private constructor(
    readonly name: string,
    private readonly sdk: typeof Sdk,
    private readonly client: S3Client,
  ) {}

  static async open(name: string, { forcePathStyle = false }: S3ClientOptions): Promise<S3Bucket> {
    // A quarter of a second that whoever has tables in a folder need not wait.
    const sdk = await import('@aws-sdk/client-s3');
    const client = new sdk.S3Client({
      forcePathStyle,
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
    });
    return new S3Bucket(name, sdk, client);
  }

  /** Names directly below a prefix that ends with a slash (or is empty), of objects and of folders. */
  async list(prefix: string): Promise<{ objects: string[]; folders: string[] }> {
    const objects: string[] = [];
    const folders: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.listPage({ Prefix: prefix, Delimiter: '/', ContinuationToken: token });
      objects.push(...(page.Contents ?? []).map(({ Key: key = '' }) => key.slice(prefix.length)));
      folders.push(
        ...(page.CommonPrefixes ?? []).map(({ Prefix: key = '' }) => key.slice(prefix.length, -1)),
      );
      token = page.NextContinuationToken;
    } while (token !== undefined);
    // Some tools make an object of the folder's own name.
    return { objects: objects.filter(Boolean), folders: folders.filter(Boolean) };
  }

  /** Whether there is any object below a prefix. */
  async holds(prefix: string): Promise<boolean> {
    const { Contents: objects = [] } = await this.listPage({ Prefix: prefix, MaxKeys: 1 });
    return objects.length > 0;
  }

  /**
   * When an object was written. By a listing, as Spark asks: it has milliseconds where a store keeps them, the header of an
   * object has seconds.
   */
  async modifiedAt(key: string): Promise<Date | undefined> {
    // No object comes before one whose key is the prefix itself.
    const { Contents: [first] = [] } = await this.listPage({ Prefix: key, MaxKeys: 1 });
    return first?.Key === key ? first.LastModified : undefined;
  }

  async head(key: string): Promise<S3ObjectHead | undefined> {
    try {
      const command = new this.sdk.HeadObjectCommand({ Bucket: this.name, Key: key });
      return headOf(await this.client.send(command));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw s3Failure(this.name, error);
    }
  }

  /**
   * An object, whose body must be read.
   *
   * @param etag of the only content that is wanted; undefined is given where there is another one.
   */
  async get(key: string, etag?: string): Promise<S3Object | undefined> {
    try {
      const command = new this.sdk.GetObjectCommand({ Bucket: this.name, Key: key });
      const answer = await this.client.send(command);
      const head = headOf(answer);
      if (etag === undefined || etag === head.etag) return { ...head, body: this.bodyOf(answer) };
      if (answer.Body instanceof Readable) answer.Body.destroy();
      return undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw s3Failure(this.name, error);
    }
  }

  close(): void {
    this.client.destroy();
  }

  /** The store may go away in the middle of an answer, too. */
  private async *bodyOf({ Body: body }: GetObjectCommandOutput): AsyncIterable<Uint8Array> {
    if (!(body instanceof Readable)) return;
    try {
      for await (const chunk of body) yield chunk as Uint8Array;
    } catch (error) {
      throw s3Failure(this.name, error);
    } finally {
      body.destroy();
    }
  }

  private async listPage(
    query: Readonly<{
      Prefix: string;
      Delimiter?: string;
      MaxKeys?: number;
      ContinuationToken?: string | undefined;
    }>,
  ): Promise<ListObjectsV2CommandOutput> {
    try {
      return await this.client.send(new this.sdk.ListObjectsV2Command({ Bucket: this.name, ...query }));
    } catch (error) {
      throw s3Failure(this.name, error);
    }
  }
}

const headOf = ({
  ContentLength,
  ETag,
}: {
  ContentLength?: number | undefined;
  ETag?: string | undefined;
}) => ({
  size: ContentLength ?? 0,
  etag: ETag ?? '',
});
