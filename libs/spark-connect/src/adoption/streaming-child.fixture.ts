import { SparkSession } from '../session/spark-session';

/** What the child is told. */
export interface StreamingChildInput {
  readonly remote: string;
  readonly path: string;
  readonly checkpoint: string;
  readonly name: string;
}

/** What the child says when its query has started. It then waits to be killed. */
export interface QueryStarted {
  readonly serverSideSessionId: string | undefined;
  readonly id: string;
  readonly runId: string;
}

const { remote, path, checkpoint, name } = JSON.parse(process.argv[2] ?? '') as StreamingChildInput;

async function main(): Promise<void> {
  const spark = SparkSession.builder().remote(remote).build();
  const query = await spark.readStream
    .format('rate')
    .option('rowsPerSecond', 50)
    .load()
    .writeStream.format('delta')
    .queryName(name)
    .option('checkpointLocation', checkpoint)
    .trigger({ processingTime: '300 milliseconds' })
    .start(path);
  say({ serverSideSessionId: spark.serverSideSessionId, id: query.id, runId: query.runId });
  setInterval(() => undefined, 60_000);
}

function say(fact: QueryStarted): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

void main();
