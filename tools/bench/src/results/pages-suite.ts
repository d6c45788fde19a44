import type { BatchBody } from '@millrace/domain';
import { SparkSession } from 'spark-connect-js';
import { Gateway } from '../batch/gateway';
import { day } from '../batch/history';
import { withSeededStack } from '../batch/seeded-stack';
import type { Output } from '../output';
import type { MeasuredStack } from '../stack';
import { median } from '../statistics';
import type { BenchContext, Suite } from '../suite';
import { ByHand } from './by-hand';

const PAGE = 100;
const LARGE_PAGE = 10_000;
const DEEP = 0.75;
/** From one page to the next that is asked for: so far that none was sought together with one before it. */
const JUMP_ROWS = 2_500;
const WARM_UP_ROUNDS = 2;
const GOALS = {
  flat: { atMost: 1.1, unit: 'x' },
  byHand: { atMost: 1.5, unit: 'x' },
  seed: { atLeast: 100, unit: 'x' },
  large: { atMost: 2.5, unit: 'x' },
  growth: { atMost: 1.2, unit: 'x' },
} as const;

/** How many rows of history there are, over 90 days, and the newest days of it that make the batches. */
interface Sizes {
  readonly rows: number;
  readonly smallDays: number;
  readonly days: number;
  readonly rounds: number;
  readonly seedRounds: number;
  /** Pages are read for so long before they are measured: with the first ones the service learns where all are. */
  readonly warmUpMs: number;
  /** The same beside the large batch, of whose 20 M rows all keys are walked through in the turns of the pages. */
  readonly warmUpLargeMs: number;
}

const FULL: Sizes = {
  ...{ rows: 20_000_000, smallDays: 4, days: 9 },
  ...{ rounds: 40, seedRounds: 3, warmUpMs: 30_000, warmUpLargeMs: 120_000 },
};
const QUICK: Sizes = {
  ...{ rows: 30_000, smallDays: 9, days: 40 },
  ...{ rounds: 3, seedRounds: 1, warmUpMs: 0, warmUpLargeMs: 0 },
};

/** What a page of a result costs, by where it is and how large the result is. */
export const pagesSuite: Suite = {
  summary:
    'pages of 100 and 10,000 raw rows at both ends of a batch: against DuckDB by hand and Spark by row_number()',
  run: (context) => {
    const sizes = context.isQuick ? QUICK : FULL;
    return withSeededStack(context, sizes.rows, (stack) => measure(context, stack, sizes));
  },
};

interface Result {
  readonly batch: BatchBody;
  readonly rows: number;
  readonly deepOffset: number;
}

async function measure({ output }: BenchContext, stack: MeasuredStack, sizes: Sizes): Promise<void> {
  const gateway = new Gateway(stack.endpoints.gateway);
  const results: Result[] = [];
  for (const days of [sizes.smallDays, sizes.days, 120]) {
    output.progress(`a batch of the last ${days} days`);
    results.push(await run(gateway, days));
  }
  const [small, middle, large] = results;
  if (small === undefined || middle === undefined || large === undefined) throw new Error('No batches');
  await againstReferences(output, stack, middle, sizes);
  await growth(output, gateway, small, large, sizes);
}

async function run(gateway: Gateway, days: number): Promise<Result> {
  const submission = { startDate: day(-days), endDate: day(1), analysisType: 'revenue_by_category' };
  const batch = await gateway.run(submission);
  const rows = batch.rowCount ?? 0;
  return { batch, rows, deepOffset: Math.floor(rows * DEEP) };
}

/** In turns, so that what else the machine does meets all of them. @returns milliseconds of each way, by its name. */
async function inTurns<Name extends string>(
  output: Output,
  { rounds, warmUpMs }: Pick<Sizes, 'rounds' | 'warmUpMs'>,
  ways: Readonly<Record<Name, (round: number) => Promise<unknown>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(ways) as Name[];
  output.progress('warming up');
  const warmUntil = performance.now() + warmUpMs;
  for (let round = 0; round < WARM_UP_ROUNDS || performance.now() < warmUntil; round += 1)
    for (const name of names) await ways[name](rounds + round);
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    output.progress(`round ${round + 1} of ${rounds}`);
    for (const name of names) {
      const startedAt = performance.now();
      await ways[name](round);
      times[name].push(performance.now() - startedAt);
    }
  }
  return times;
}

async function againstReferences(
  output: Output,
  stack: MeasuredStack,
  { batch, rows, deepOffset }: Result,
  sizes: Sizes,
): Promise<void> {
  const gateway = new Gateway(stack.endpoints.gateway);
  const raw = batch.deltaRawPath ?? '';
  const hand = await ByHand.open(raw);
  const spark = SparkSession.builder().remote(stack.endpoints.sparkConnect).build();
  try {
    const offsetOf = (round: number) => jumped(deepOffset, rows, round);
    const exact = await inSequence(sizes.rounds, (round) => hand.exactRange(offsetOf(round), PAGE));
    const exactLarge = await hand.exactRange(deepOffset, LARGE_PAGE);
    const times = await inTurns(output, sizes, {
      first: (round) => gateway.page(batch.batchId, PAGE, jumped(0, rows, round)),
      deep: (round) => gateway.page(batch.batchId, PAGE, offsetOf(round)),
      next: (round) => gateway.page(batch.batchId, PAGE, offsetOf(round) + PAGE),
      hand: (round) => hand.fetch(exact[round % sizes.rounds] ?? ''),
    });
    // By themselves: who asks right behind such a page waits for what it leaves to be cleared away.
    const largeTimes = await inTurns(output, sizes, {
      large: () => gateway.page(batch.batchId, LARGE_PAGE, deepOffset),
      largeHand: () => hand.fetch(exactLarge),
    });
    const seed = await inTurns(
      output,
      { rounds: sizes.seedRounds, warmUpMs: 0 },
      {
        pages: async (round) => (await spark.sql(rowNumberPage(raw, offsetOf(round)))).collect(),
      },
    );
    print(output, rows, { ...times, ...largeTimes, seed: seed.pages });
  } finally {
    hand.close();
    await spark.close();
  }
}

/** Another place each time: nobody reads one page again and again. */
function jumped(from: number, rows: number, round: number): number {
  return from + ((round * JUMP_ROWS) % Math.max(1, rows - from - 2 * PAGE));
}

/** As the seed's service pages: numbers all rows to find a hundred. */
function rowNumberPage(path: string, offset: number): string {
  return `SELECT * FROM (
    SELECT *, row_number() OVER (ORDER BY event_timestamp, transaction_id) AS row FROM delta.\`${path}\`
  ) WHERE row > ${offset} AND row <= ${offset + PAGE}`;
}

type Times = Readonly<
  Record<'first' | 'deep' | 'next' | 'hand' | 'large' | 'largeHand' | 'seed', readonly number[]>
>;

function print(output: Output, rows: number, times: Times): void {
  const { first, deep, next, hand, large, largeHand, seed } = times;
  output.section(`a batch of ${rows} rows of 31 columns, over HTTP`);
  output.row('', ['median', 'best', 'most']);
  output.row(`${PAGE} rows near offset 0`, figures(first));
  output.row(`${PAGE} rows at ${DEEP * 100} %`, figures(deep));
  output.row('the same rows by DuckDB, their ranges known', figures(hand));
  output.row('the same rows by Spark and row_number()', figures(seed));
  output.row(`the ${PAGE} rows after them`, figures(next));
  output.row(`${LARGE_PAGE} rows at ${DEEP * 100} %`, figures(large));
  output.row('the same rows by DuckDB, their ranges known', figures(largeHand));
  const ratio = (one: readonly number[], other: readonly number[]) => median(one) / median(other);
  output.goal('deep / first', ratio(deep, first), GOALS.flat, 2);
  output.goal('deep / by hand', ratio(deep, hand), GOALS.byHand, 2);
  output.goal('row_number() / deep', ratio(seed, deep), GOALS.seed, 0);
  output.goal(`${LARGE_PAGE} rows as JSON / fetched by hand`, ratio(large, largeHand), GOALS.large, 2);
}

async function growth(
  output: Output,
  gateway: Gateway,
  small: Result,
  large: Result,
  sizes: Sizes,
): Promise<void> {
  const pageOf =
    ({ batch, rows, deepOffset }: Result) =>
    (round: number) =>
      gateway.page(batch.batchId, PAGE, jumped(deepOffset, rows, round));
  const turns = { rounds: sizes.rounds, warmUpMs: sizes.warmUpLargeMs };
  const times = await inTurns(output, turns, { small: pageOf(small), large: pageOf(large) });
  output.section(`${PAGE} rows at ${DEEP * 100} % of a small and of a large batch`);
  output.row('', ['median', 'best', 'most']);
  output.row(`of ${small.rows} rows`, figures(times.small));
  output.row(`of ${large.rows} rows`, figures(times.large));
  output.goal('large / small', median(times.large) / median(times.small), GOALS.growth, 2);
}

const figures = (samples: readonly number[]): string[] =>
  [median(samples), Math.min(...samples), Math.max(...samples)].map((ms) => `${ms.toFixed(1)} ms`);

async function inSequence<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  return made;
}
