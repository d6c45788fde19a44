import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ContractUnderTest, problems } from './contract.fixture';

const offsetMap = z.record(z.string(), z.number());
const offsetsSchema = z.object({
  topic: z.string(),
  startOffset: offsetMap,
  endOffset: z.string().transform((text) => offsetMap.parse(JSON.parse(text))),
});

const TOPICS_FILE = join(__dirname, '..', '..', '..', '..', 'conf', 'topics.json');
const topicsSchema = z.object({ topics: z.array(z.object({ name: z.string(), partitions: z.int() })) });
const defaultTopics = () => topicsSchema.parse(JSON.parse(readFileSync(TOPICS_FILE, 'utf8'))).topics;

let at: ContractUnderTest;

beforeAll(async () => {
  at = await ContractUnderTest.start();
});

afterAll(() => at.close());

const requestExamples = (line: string) =>
  Object.entries(at.operation(line).requestBody?.content['application/json']?.examples ?? {});

/** Every schema inside this one that shows an example. */
function withExamples(schema: unknown): { example: unknown }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.entries(schema).flatMap(([name, value]) =>
    name === 'example' ? [] : withExamples(value),
  );
  return 'example' in schema && !('in' in schema) ? [schema, ...inner] : inner;
}

const propertiesOf = (model: string) =>
  Object.keys(at.contract.components.schemas[model]?.['properties'] ?? {}).sort();

describe('the examples of the document', () => {
  it('are true: each has the form of its schema', () => {
    let checked = 0;
    for (const {
      line,
      operation: { requestBody, responses },
    } of at.operations()) {
      const bodies = [requestBody, ...Object.values(responses)].flatMap((it) =>
        Object.entries(it?.content ?? {}),
      );
      for (const [type, { schema, example, examples = {} }] of bodies) {
        if (type !== 'application/json') continue;
        const values = [
          ...(example === undefined ? [] : [example]),
          ...Object.values(examples).map((it) => it.value),
        ];
        for (const value of values) {
          const result = at.checkerOf(schema).safeParse(value);
          expect([line, value, result.error?.issues]).toEqual([line, value, undefined]);
          checked += 1;
        }
      }
    }
    expect(checked).toBeGreaterThan(20);
  });

  it('are true inside the models too', () => {
    const schemas = withExamples(at.contract.components.schemas);
    expect(schemas.length).toBeGreaterThan(10);
    for (const schema of schemas) {
      const result = at.checkerOf(schema).safeParse(schema.example);
      expect([schema, result.error?.issues]).toEqual([schema, undefined]);
    }
  });

  it('can tell a false one', () => {
    const schema = { $ref: '#/components/schemas/BatchAcceptedModel' };
    expect(at.checkerOf(schema).safeParse({ batchId: 'x', status: 'DONE' }).success).toBe(false);
  });

  it('are accepted as they stand, and what is answered has the form that the document says', async () => {
    const examples = requestExamples('POST /batch/run');
    expect(examples.map(([name]) => name)).toEqual(expect.arrayContaining(['dates', 'filters', 'topic']));
    for (const [name, { value }] of examples) {
      const payload = value as object;
      const answer = await at.gateway.app.inject({ method: 'POST', url: '/batch/run', payload });
      expect([name, answer.statusCode]).toEqual([name, 202]);
      expect(problems(at.answerOf('POST /batch/run', '202'), answer.json())).toEqual([]);
      const status = await at.gateway.app.inject(
        `/batch/status/${answer.json<{ batchId: string }>().batchId}`,
      );
      expect(problems(at.answerOf('GET /batch/status/{batchId}', '200'), status.json())).toEqual([]);
      expect(Object.keys(status.json()).sort()).toEqual(propertiesOf('BatchStatusModel'));
    }
    const list = await at.gateway.app.inject('/batch/list?limit=1');
    expect(problems(at.answerOf('GET /batch/list', '200'), list.json())).toEqual([]);
    expect(Object.keys(list.json()).sort()).toEqual(propertiesOf('BatchListModel'));
  });

  it('name every partition that the batch topic has by default', () => {
    const { value } = requestExamples('POST /batch/run').find(([name]) => name === 'offsets')?.[1] ?? {};
    const { topic, startOffset, endOffset } = offsetsSchema.parse(value);
    const partitions = defaultTopics().find(({ name }) => name === topic)?.partitions ?? 0;
    const names = Array.from({ length: partitions }, (_, partition) => String(partition));
    expect(names).not.toEqual([]);
    expect([Object.keys(startOffset), Object.keys(endOffset)]).toEqual([names, names]);
  });

  it('of a rerun are accepted too', async () => {
    const payload = {
      startDate: '2025-01-01',
      endDate: '2025-01-15',
      analysisType: 'hourly_trends',
      sourceVersion: 12,
    };
    const first = await at.gateway.app.inject({ method: 'POST', url: '/batch/run', payload });
    const url = `/batch/${first.json<{ batchId: string }>().batchId}/rerun`;
    for (const [, { value }] of requestExamples('POST /batch/{batchId}/rerun')) {
      const answer = await at.gateway.app.inject({ method: 'POST', url, payload: value as object });
      expect([value, answer.statusCode]).toEqual([value, 202]);
    }
  });
});
