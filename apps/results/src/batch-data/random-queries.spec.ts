import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { ResultsFixture } from '../results.fixture';
import { expectAnswer, expectRefusal, expectReport } from './random-queries/expect-answer';
import { expectedAnswer } from './random-queries/expected-answer';
import type { Format } from './random-queries/expected-answer';
import { HOSTILE_TEXTS, randomFault } from './random-queries/random-fault';
import { expectPart, randomCondition, randomRange } from './random-queries/random-range';
import { randomQuery, urlOf } from './random-queries/random-query';
import type { Parameters, RandomQuery, Target } from './random-queries/random-query';
import { storeRandomTables } from './random-queries/random-tables';
import type { RandomTables } from './random-queries/random-tables';

/** Of all kinds together: `RANDOM_QUERIES=100000` asks that many. */
const QUERIES = Number(process.env['RANDOM_QUERIES'] ?? 2_000);
/** Of the tables and the queries; fast-check tells it, and `RANDOM_SEED` asks the same ones again. */
const SEED = Number(process.env['RANDOM_SEED'] ?? Date.now() % 2 ** 31);
const SMALL_TABLES = 10 + Math.floor(QUERIES / 5_000);
const MS_OF_A_QUERY = 200;

jest.setTimeout(60_000 + QUERIES * MS_OF_A_QUERY);

let results: ResultsFixture;
let tables: RandomTables;

beforeAll(async () => {
  results = await ResultsFixture.create();
  tables = await storeRandomTables(results, SEED, SMALL_TABLES);
});

afterAll(() => results.close());

const headersOf = (accept: string | undefined) => (accept === undefined ? {} : { accept });
const share = (part: number) => ({ numRuns: Math.ceil(QUERIES * part), seed: SEED });

/** Of small tables mostly: the large ones cost more. */
function ofAny<T>(arbitrary: (target: Target) => fc.Arbitrary<T>): fc.Arbitrary<T> {
  const of = (targets: readonly Target[]) => fc.oneof(...targets.map(arbitrary));
  return fc.oneof(
    { weight: 25, arbitrary: of(tables.small) },
    { weight: 5, arbitrary: of(tables.report) },
    { weight: 5, arbitrary: of(tables.counted) },
    { weight: 2, arbitrary: of(tables.large) },
  );
}

it('rows that are asked for are those of the model', async () => {
  const tagged = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(ofAny(randomQuery), async ({ target, parameters, accept, model }) => {
      const answer = await results.get(urlOf(target.path, parameters), headersOf(accept));
      await expectAnswer(answer, model);
      const body = createHash('sha256').update(answer.rawPayload).digest('base64');
      const tag = String(answer.headers.etag);
      // Another body has another tag.
      expect(tagged.get(tag) ?? body).toBe(body);
      tagged.set(tag, body);
    }),
    share(0.55),
  );
});

it('links lead through all rows, each once, whatever the formats', async () => {
  const formats = fc.array(fc.constantFrom<Format>('json', 'ndjson', 'csv', 'arrow', 'parquet'), {
    minLength: 1,
    maxLength: 3,
  });
  const limits = fc.array(fc.integer({ min: 4, max: 30 }), { minLength: 1, maxLength: 3 });
  const queries = ofAny(randomQuery).filter(({ target }) => !tables.large.includes(target));
  await fc.assert(
    fc.asyncProperty(
      queries,
      formats,
      limits,
      async ({ target, parameters, model }, ofPages, limitsOfPages) => {
        const others = parameters.filter(([name]) => !['limit', 'format', 'offset'].includes(name));
        let offset = 0;
        let next: string | undefined = urlOf('', others);
        for (let page = 0; next !== undefined; page += 1) {
          const format = ofPages[page % ofPages.length] ?? 'json';
          const limit = limitsOfPages[page % limitsOfPages.length] ?? 4;
          const query = new URLSearchParams(next);
          query.set('format', format);
          query.set('limit', String(limit));
          const answer = await results.get(`${target.path}?${query.toString()}`);
          next = await expectAnswer(answer, { ...model, format, limit, offset });
          offset += limit;
        }
        expect(offset).toBeGreaterThanOrEqual(expectedAnswer(model).total);
      },
    ),
    share(0.05),
  );
});

it('a cursor holds for the rows it was given for, and no others', async () => {
  const pairs = ofAny((target) => fc.tuple(randomQuery(target), randomQuery(target)));
  const rowsOf = ({ parameters, model }: RandomQuery) =>
    JSON.stringify([
      model.version,
      parameters.filter(([name]) => ['columns', 'filter', 'sort'].includes(name)),
    ]);
  const without = (parameters: Parameters, ...names: string[]) =>
    parameters.filter(([name]) => !names.includes(name));
  await fc.assert(
    fc.asyncProperty(pairs, async ([one, other]) => {
      const first = [...without(one.parameters, 'limit', 'offset'), ['limit', '1'] as const];
      const answer = await results.get(urlOf(one.target.path, first), headersOf(one.accept));
      const link = await expectAnswer(answer, { ...one.model, limit: 1, offset: 0 });
      const cursor = new URLSearchParams(link).get('cursor');
      fc.pre(cursor !== null);
      const next = [...without(other.parameters, 'offset'), ['cursor', cursor] as const];
      const second = await results.get(urlOf(other.target.path, next), headersOf(other.accept));
      if (rowsOf(one) === rowsOf(other)) await expectAnswer(second, { ...other.model, offset: 1 });
      else expectRefusal(second, ['cursor']);
    }),
    share(0.03),
  );
});

it('who has an answer is told so, and nobody else', async () => {
  const others = fc.constantFrom('"x"', 'W/"x"', '', ',', '"x", "y"', '\u{FF}');
  await fc.assert(
    fc.asyncProperty(ofAny(randomQuery), others, async ({ target, parameters, accept, model }, other) => {
      const url = urlOf(target.path, parameters);
      const ask = (tag: string) => results.get(url, { ...headersOf(accept), 'if-none-match': tag });
      const answer = await ask(other);
      await expectAnswer(answer, model);
      const tag = String(answer.headers.etag);
      for (const known of [tag, `W/${tag}`, `"x" , ${tag}`, '*']) {
        const { statusCode, body, headers } = await ask(known);
        expect([statusCode, body, headers.etag]).toEqual([304, '', tag]);
      }
      const wanting = (wanted: string) => results.get(url, { ...headersOf(accept), 'if-match': wanted });
      for (const met of [tag, `"x" , ${tag}`, '*']) await expectAnswer(await wanting(met), model);
      for (const failed of [other, `W/${tag}`]) {
        const { statusCode, body } = await wanting(failed);
        expect([statusCode, body]).toEqual([412, expect.stringContaining('"PRECONDITION_FAILED"')]);
      }
    }),
    share(0.03),
  );
});

it('a file comes in parts too, and nothing else does', async () => {
  const formats = fc.constantFrom<Format>('parquet', 'parquet', 'parquet', 'json', 'csv', 'arrow');
  await fc.assert(
    fc.asyncProperty(
      ofAny(randomQuery),
      formats,
      randomRange(),
      randomCondition(),
      async ({ target, parameters, model }, format, range, condition) => {
        const others = parameters.filter(([name]) => name !== 'format');
        const url = urlOf(target.path, [...others, ['format', format]]);
        const whole = await results.get(url);
        await expectAnswer(whole, { ...model, format });
        const headers = {
          range: range.header(whole.rawPayload.length),
          ...condition.headers(String(whole.headers.etag)),
        };
        const answer = await results.ask({ method: condition.method, url }, headers);
        expectPart(answer, whole, format, range, condition);
      },
    ),
    share(0.03),
  );
});

it('a report has a page of each analysis', async () => {
  const rows = fc.integer({ min: 0, max: 50 });
  await fc.assert(
    fc.asyncProperty(rows, rows, async (limit, offset) => {
      const answer = await results.get(`${tables.report[0]?.path ?? ''}?limit=${limit}&offset=${offset}`);
      expectReport(answer, tables.report, limit, offset);
    }),
    share(0.02),
  );
});

it('what cannot be answered is refused, and the refusal names why', async () => {
  const faults = ofAny((target) => randomFault(target).map((fault) => ({ ...fault, target })));
  await fc.assert(
    fc.asyncProperty(faults, async ({ target, parameters, accept, field }) => {
      const answer = await results.get(urlOf(target.path, parameters), headersOf(accept));
      expectRefusal(answer, [field]);
      expect(answer.body).not.toContain(results.folder);
    }),
    share(0.22),
  );
});

const NAMES = [
  ...['limit', 'offset', 'cursor', 'columns', 'filter', 'sort', 'format', 'analysis'],
  ...['versionAsOf', 'timestampAsOf', 'x', '__proto__'],
];
const BROKEN = ['%', '%f', '%FF', '%C3%28', '%ED%A0%80', '%u0041'];

it('any text is stood', async () => {
  const text = fc.oneof(
    fc.constantFrom(...HOSTILE_TEXTS, 'maker:eq:', 'category:ne:'),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 20 }).map((value) => `transaction_id:ge:${value}`),
    fc.nat().map((offset) => Buffer.from(`[${offset},""]`).toString('base64url')),
  );
  const encoded = text.map(encodeURIComponent);
  const broken = fc.constantFrom(...BROKEN);
  const value = fc.oneof(
    encoded,
    broken,
    fc.tuple(encoded, broken).map((parts) => parts.join('')),
  );
  const parameter = fc.tuple(fc.constantFrom(...NAMES), value).map((parts) => parts.join('='));
  const strange = fc.tuple(encoded, fc.constantFrom('', '/aggregated', '/agg'));
  const paths = fc.oneof(
    { weight: 5, arbitrary: ofAny((target) => fc.constant(target.path)) },
    { weight: 1, arbitrary: strange.map((parts) => `/batch/data/${parts.join('')}`) },
  );
  await fc.assert(
    fc.asyncProperty(paths, fc.array(parameter, { maxLength: 4 }), async (path, parameters) => {
      const answer = await results.get(`${path}?${parameters.join('&')}`);
      const isBroken = parameters.some((one) => BROKEN.some((end) => one.endsWith(end)));
      expect(isBroken ? [400, 404, 414] : [200, 400, 404, 414]).toContain(answer.statusCode);
      if (answer.statusCode === 400) expectRefusal(answer, [...NAMES, 'batchId']);
    }),
    share(0.1),
  );
});
