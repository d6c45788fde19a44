import { ensureHistory } from './history';
import { ALL_TIME, endpoints, settled, submitBatch } from './stack-under-test';
import { ensureStreaming, produce, rawBatchId } from './streaming';
import { waitUntil } from './wait-until';

jest.setTimeout(180_000);

interface Stage {
  readonly stageId: number;
  readonly schedulingPool: string;
  readonly description?: string;
}

async function stages(): Promise<Stage[]> {
  const api = `${endpoints.sparkUi}/api/v1/applications`;
  const [application] = (await (await fetch(api)).json()) as { id: string }[];
  return (await (await fetch(`${api}/${application?.id ?? ''}/stages`)).json()) as Stage[];
}

describe('scheduler pools', () => {
  it('runs batches in the batch pool and streams in the streaming pool', async () => {
    await ensureHistory();
    await ensureStreaming();
    const seen = new Set((await stages()).map(({ stageId }) => stageId));
    const before = await rawBatchId();
    await produce(200, 11);
    await settled(await submitBatch({ ...ALL_TIME, analysisType: 'revenue_by_category' }));
    await waitUntil('a micro-batch', async () => ((await rawBatchId()) > before ? true : undefined));
    const fresh = (await stages()).filter(({ stageId }) => !seen.has(stageId));
    const pools = new Map<string, number>();
    for (const { schedulingPool } of fresh) pools.set(schedulingPool, (pools.get(schedulingPool) ?? 0) + 1);
    process.stderr.write(`stages by pool: ${JSON.stringify(Object.fromEntries(pools))}\n`);
    expect(pools.get('batch-pool') ?? 0).toBeGreaterThan(0);
    expect(pools.get('streaming-pool') ?? 0).toBeGreaterThan(0);
    // Delta computes the state of a snapshot outside any request; nothing else may be unlabelled.
    expect(
      [...pools.keys()].filter((pool) => !['batch-pool', 'streaming-pool', 'default'].includes(pool)),
    ).toEqual([]);
  });
});
