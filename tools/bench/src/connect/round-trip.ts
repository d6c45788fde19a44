import type { SparkSession } from 'spark-connect-js';
import type { Output } from '../output';
import { median, quantile } from '../statistics';
import type { BenchContext } from '../suite';
import { BareCalls } from './bare-calls';

const GOAL = { atMost: 1.1, unit: 'x' };

/** A small query, by the library and by bare gRPC in turns, so that whatever disturbs the machine disturbs both. */
export async function measureRoundTrip(
  context: BenchContext,
  spark: SparkSession,
  remote: string,
): Promise<void> {
  const { output, isQuick } = context;
  const [warmUp, calls] = isQuick ? [10, 20] : [300, 300];
  const bare = new BareCalls(remote, spark);
  const query = spark.range(10);
  const ways: Ways = {
    library: () => query.collect(),
    same: () => bare.reattachable(query),
    plain: () => bare.plain(query),
  };
  const times: Times = { library: [], same: [], plain: [] };
  try {
    for (let round = 0; round < warmUp + calls; round += 1) {
      output.progress(`round trip: ${round} of ${warmUp + calls}`);
      await timeEach(ways, round, round < warmUp ? undefined : times);
    }
  } finally {
    bare.close();
  }
  output.section(
    `Round trip of range(10).collect(), ${calls} calls each in turns, after ${warmUp} to warm up`,
  );
  print(output, times);
}

const NAMES = ['library', 'same', 'plain'] as const;
type Way = (typeof NAMES)[number];
type Ways = Readonly<Record<Way, () => Promise<unknown>>>;
/** Milliseconds. */
type Times = Readonly<Record<Way, number[]>>;

/** Each way once. Another one is the first each time: what a call leaves behind (its release) would else burden always the same. */
async function timeEach(ways: Ways, round: number, times: Times | undefined): Promise<void> {
  for (const [turn] of NAMES.entries()) {
    const name = NAMES[(turn + round) % NAMES.length] ?? 'library';
    const startedAt = performance.now();
    await ways[name]();
    times?.[name].push(performance.now() - startedAt);
  }
}

function print(output: Output, { library, same, plain }: Times): void {
  output.row('', ['median', 'p95', 'best']);
  output.row('spark-connect-js (rows decoded)', figures(library));
  output.row('bare gRPC, the same request', figures(same));
  output.row('bare gRPC, not reattachable', figures(plain));
  output.goal('library / the same request, medians', median(library) / median(same), GOAL, 2);
  output.row('library / not reattachable, medians', [`${(median(library) / median(plain)).toFixed(2)}x`]);
  output.note(
    'The same request: reattachable, read to its end, released in the background; what the library sends.',
  );
  output.note('The other ratio holds what the server takes for a result that survives a broken connection.');
}

function figures(samples: readonly number[]): string[] {
  return [median(samples), quantile(samples, 0.95), Math.min(...samples)].map((ms) => `${ms.toFixed(1)} ms`);
}
