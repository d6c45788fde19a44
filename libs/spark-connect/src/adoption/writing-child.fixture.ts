import { SparkSession } from '../session/spark-session';
import { EAGER_PROGRESS } from '../testing/running-action';
import { slowRows } from '../testing/slow-rows';

/** What the child is told. */
export interface WritingChildInput {
  readonly remote: string;
  readonly operationId: string;
  readonly path: string;
}

/** What the child says once tasks of its write run. It never ends by itself: it is there to be killed. */
export interface WriteRuns {
  readonly serverSideSessionId: string | undefined;
}

const { remote, operationId, path } = JSON.parse(process.argv[2] ?? '') as WritingChildInput;

async function main(): Promise<void> {
  const spark = SparkSession.builder()
    .remote(remote)
    .config(...EAGER_PROGRESS)
    .build();
  let hasSaid = false;
  await slowRows(spark, { rows: 16, msPerRow: 1_000 })
    .write.format('delta')
    .save(path, {
      operationId,
      onProgress: ({ numInflightTasks }) => {
        if (hasSaid || numInflightTasks === 0) return;
        hasSaid = true;
        say({ serverSideSessionId: spark.serverSideSessionId });
      },
    });
}

function say(fact: WriteRuns): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

void main();
