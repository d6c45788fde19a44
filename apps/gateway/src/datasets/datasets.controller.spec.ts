import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetBody } from '@millrace/domain';
import { startBatchGateway } from '../gateway.fixture';
import type { BatchGateway } from '../gateway.fixture';
import { ContractUnderTest, problems } from '../openapi/contract.fixture';
import { DatasetFiles } from './dataset-files';
import { DatasetsController } from './datasets.controller';

let gateway: BatchGateway;

beforeAll(async () => {
  gateway = await startBatchGateway();
});

afterAll(() => gateway.close());

describe('GET /datasets', () => {
  it('lists the definitions of conf/schemas as the contract says', async () => {
    const answer = await gateway.app.inject('/datasets');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        datasets: [
          { name: 'card_transactions', title: expect.any(String) as string },
          { name: 'sensor_readings', title: 'Plant sensors' },
        ],
        problems: [],
      },
    ]);
    const contract = await ContractUnderTest.start();
    expect(problems(contract.answerOf('GET /datasets', '200'), answer.json())).toEqual([]);
    await contract.close();
  });

  it('takes no parameter', async () => {
    const answer = await gateway.app.inject('/datasets?path=/etc');
    expect(answer.json()).toMatchObject({ error: 'INVALID_REQUEST', details: [{ path: 'path' }] });
  });
});

describe('GET /datasets/:name', () => {
  it('says what is analysed, and in which currency', async () => {
    const answer = await gateway.app.inject('/datasets/card_transactions');
    const { name, fields, analysis } = answer.json<DatasetBody>();
    expect([name, analysis]).toMatchObject([
      'card_transactions',
      { timestamp: 'event_time', dimensions: ['city', 'channel', 'merchant_cat'], currency: 'INR' },
    ]);
    expect(fields).toContainEqual({ name: 'amount', type: 'float' });
    const contract = await ContractUnderTest.start();
    expect(problems(contract.answerOf('GET /datasets/{name}', '200'), answer.json())).toEqual([]);
    await contract.close();
  });

  it.each(['nothing', '..%2fpipeline.defaults', 'card_transactions.json', '__proto__', '%00'])(
    'knows no other names: %s',
    async (name) => {
      const answer = await gateway.app.inject(`/datasets/${name}`);
      expect([answer.statusCode, answer.json()]).toMatchObject([
        404,
        { error: 'DATASET_NOT_FOUND', message: expect.stringContaining('card_transactions') as string },
      ]);
    },
  );
});

describe('a folder of definitions', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'datasets-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const define = (name: string, definition: object) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(definition));
  };

  it('may get one more, or one that is not right, while the gateway runs', async () => {
    const controller = new DatasetsController(new DatasetFiles(folder));
    expect(await controller.list({})).toEqual({ datasets: [], problems: [] });
    define('visits', { name: 'visits', fields: [{ name: 'id', type: 'uuid' }] });
    define('broken', { name: 'broken', fields: [] });
    expect(await controller.list({})).toEqual({
      datasets: [{ name: 'visits', title: 'visits' }],
      problems: [{ name: 'broken', message: expect.stringMatching(/^fields: /) as string }],
    });
    await expect(controller.dataset('broken', {})).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('correct its file in conf/schemas') as string,
    });
    expect(await controller.dataset('visits', {})).toMatchObject({ name: 'visits', analysis: null });
  });
});
