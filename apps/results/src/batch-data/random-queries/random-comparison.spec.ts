import * as fc from 'fast-check';
import { ResultsFixture } from '../../results.fixture';
import { expectRefusal } from './expect-answer';
import { expectComparison } from './expect-comparison';
import { HOSTILE_TEXTS, WRONG_NUMBERS } from './random-fault';
import { rowNumber, urlOf } from './random-query';
import type { Parameters } from './random-query';
import { storeRandomResults } from './random-results';
import type { RandomResult } from './random-results';

/** As `random-queries.spec.ts` has them, which asks most of them. */
const QUERIES = Number(process.env['RANDOM_QUERIES'] ?? 2_000);
const SEED = Number(process.env['RANDOM_SEED'] ?? Date.now() % 2 ** 31);
const MS_OF_A_QUERY = 20;
/** Families of results: those of one are the same for every query. */
const FAMILIES = 1 + Math.floor(QUERIES / 5_000);
const MAX_GROUPS = 20;
const NO_PAGE = { limit: undefined, offset: 0 };

jest.setTimeout(60_000 + QUERIES * MS_OF_A_QUERY);

let results: ResultsFixture;
let stored: readonly RandomResult[];

beforeAll(async () => {
  results = await ResultsFixture.create();
  stored = await storeRandomResults(results, SEED, FAMILIES);
});

afterAll(() => results.close());

const share = (part: number) => ({ numRuns: Math.ceil(QUERIES * part), seed: SEED });

type Pair = readonly [before: RandomResult, after: RandomResult];

const routeOf = ({ batchId }: RandomResult) => `/batch/data/${batchId}/aggregated/comparison`;

function parametersOf([before, after]: Pair): Parameters {
  const analysis = after.isOfReport ? [['analysis', after.analysis] as const] : [];
  return [['base', before.batchId], ...analysis];
}

/** Of one analysis, or of different ones. */
function pairs(isOfOne: boolean): fc.Arbitrary<Pair> {
  const all = stored.flatMap((before) => stored.map((after): Pair => [before, after]));
  const fit = all.filter(([before, after]) => (before.analysis === after.analysis) === isOfOne);
  return fc.constantFrom(...fit);
}

it('what became of each group is told as the model has it', async () => {
  const page = fc.record({ limit: rowNumber('limit', MAX_GROUPS), offset: rowNumber('offset', MAX_GROUPS) });
  await fc.assert(
    fc.asyncProperty(pairs(true), page, async (pair, { limit, offset }) => {
      const parameters = [...parametersOf(pair), ...limit.parameters, ...offset.parameters];
      const url = urlOf(routeOf(pair[1]), parameters);
      const answer = await results.get(url);
      expectComparison(answer, pair, { limit: limit.means, offset: offset.means ?? 0 });
      const tag = String(answer.headers.etag);
      const again = await results.get(url, { 'if-none-match': tag });
      expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', tag]);
    }),
    share(0.04),
  );
});

const UNKNOWN = ['format', 'sort', 'columns', 'filter', 'cursor', 'versionAsOf', 'x', '__proto__', ''];

it('what cannot be compared is refused, and the refusal names why', async () => {
  const one = (field: string, values: readonly string[]) =>
    fc.constantFrom(...values).map((value) => ({ field, parameters: [[field, value]] as Parameters }));
  const faults = fc.oneof(
    one('limit', [...WRONG_NUMBERS, ...HOSTILE_TEXTS]),
    one('offset', [...WRONG_NUMBERS, ...HOSTILE_TEXTS]),
    one('base', ['', 'batch-20250116-0000000G', 'BATCH-20250116-00000000', ...HOSTILE_TEXTS]),
    one('analysis', ['', 'nope', 'full_report', ...HOSTILE_TEXTS]),
    fc.constantFrom(...UNKNOWN).map((field) => ({ field, parameters: [[field, '1']] as Parameters })),
    fc.constant({ field: 'base', parameters: [] }),
  );
  await fc.assert(
    fc.asyncProperty(pairs(true), faults, async (pair, { field, parameters }) => {
      const others = parametersOf(pair).filter(([name]) => name !== field);
      const answer = await results.get(urlOf(routeOf(pair[1]), [...others, ...parameters]));
      expectRefusal(answer, [field]);
    }),
    share(0.05),
  );
});

it('batches of different analyses are not compared', async () => {
  await fc.assert(
    fc.asyncProperty(pairs(false), async (pair) => {
      const [before, after] = pair;
      const answer = await results.get(urlOf(routeOf(after), parametersOf(pair)));
      // A report has them all.
      const same = stored.find(({ isOfReport, analysis }) => isOfReport && analysis === after.analysis);
      if (before.isOfReport && same) expectComparison(answer, [same, after], NO_PAGE);
      else expectRefusal(answer, ['base']);
    }),
    share(0.01),
  );
});
