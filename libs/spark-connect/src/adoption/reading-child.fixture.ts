import { SparkSession } from '../session/spark-session';

/** What the child is told. */
export interface ReadingChildInput {
  readonly remote: string;
  readonly operationId: string;
  readonly rows: number;
  /** It stops reading, and waits to be killed, when it has consumed at least so many rows. */
  readonly stopAfter: number;
}

/** What the child says when it has consumed its part. */
export interface PartConsumed {
  readonly serverSideSessionId: string | undefined;
  readonly lastResponseId: string;
  readonly consumedRows: number;
}

const { remote, operationId, rows, stopAfter } = JSON.parse(process.argv[2] ?? '') as ReadingChildInput;

async function main(): Promise<void> {
  const spark = SparkSession.builder().remote(remote).build();
  let consumedRows = 0;
  const onConsumed = (lastResponseId: string): Promise<void> | undefined => {
    if (consumedRows < stopAfter) return undefined;
    say({ serverSideSessionId: spark.serverSideSessionId, lastResponseId, consumedRows });
    return forever();
  };
  for await (const { id } of spark.range(0, rows, 1, 8).toLocalIterator({ operationId, onConsumed })) {
    if (Number(id) !== consumedRows) throw new Error(`row ${Number(id)} came as number ${consumedRows}`);
    consumedRows += 1;
  }
}

function forever(): Promise<void> {
  return new Promise(() => setInterval(() => undefined, 60_000));
}

function say(fact: PartConsumed): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

void main();
