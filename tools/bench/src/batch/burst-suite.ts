import { setTimeout as delay } from 'node:timers/promises';
import { openRegistry } from '@millrace/registry';
import type { Registry } from '@millrace/registry';
import type { MeasuredStack } from '../stack';
import type { BenchContext, Suite } from '../suite';
import { committedVersions } from './committed-versions';
import { Gateway } from './gateway';
import { day } from './history';
import { withSeededStack } from './seeded-stack';

const WAVE_MS = 100;

/** Many submissions in a short time, some of them twice with one key. */
export const burstSuite: Suite = {
  summary: '1,000 submissions in 10 s, 100 of them repeated keys: each batch once, each with one result',
  run: (context) => withSeededStack(context, 5_000, (stack) => measure(context, stack)),
};

async function measure({ output, isQuick }: BenchContext, stack: MeasuredStack): Promise<void> {
  const waves = isQuick ? { count: 20, size: 1 } : { count: 100, size: 10 };
  const registry = openRegistry({
    databaseUrl: stack.endpoints.postgres,
    maxConnections: 1,
    applicationName: 'bench',
  });
  try {
    const gateway = new Gateway(stack.endpoints.gateway);
    const startedAt = performance.now();
    const { ids, replays } = await submitAll(gateway, waves);
    const submittedIn = (performance.now() - startedAt) / 1_000;
    const left = async () => (await gateway.count('PENDING')) + (await gateway.count('RUNNING'));
    for (let waiting = await left(); waiting > 0; waiting = await left()) {
      output.progress(`${waiting} batches wait or run`);
      await delay(500);
    }
    const endedIn = (performance.now() - startedAt) / 1_000;
    output.section(`${waves.count * waves.size} submissions, every tenth with the key of the one before`);
    output.row('submitted in', [`${submittedIn.toFixed(1)} s`]);
    output.row('batches, replayed answers', [String(ids.size), String(replays)]);
    output.row('all ended after', [`${endedIn.toFixed(0)} s`, `${(ids.size / endedIn).toFixed(2)}/s`]);
    const states = await statesOf(registry, ids);
    for (const [state, count] of states) output.row(state, [String(count)]);
    const once = [...ids].filter((id) =>
      ['raw', 'aggregated'].every((table) => committedVersions(stack.deltaBasePath, id, table) === 1),
    );
    output.row('with exactly one commit in each table', [String(once.length)]);
    if (states.get('COMPLETED') !== ids.size || once.length !== ids.size)
      throw new Error('Some batches did not complete exactly once');
  } finally {
    await registry.close();
  }
}

/** Ten waves a second. */
async function submitAll(
  gateway: Gateway,
  { count, size }: { readonly count: number; readonly size: number },
): Promise<{ ids: Set<string>; replays: number }> {
  const submission = { startDate: day(-3), endDate: day(-3), analysisType: 'revenue_by_category' };
  const waves: Promise<{ batchId: string; isReplayed: boolean }[]>[] = [];
  for (let wave = 0; wave < count; wave += 1) {
    const requests = Array.from({ length: size }, (_, index) => {
      const number = wave * size + index;
      // Every tenth repeats the key before it, at the same moment.
      const key = `bench-${number % 10 === 9 ? number - 1 : number}`;
      return gateway.submit(submission, { 'idempotency-key': key });
    });
    waves.push(Promise.all(requests));
    await delay(WAVE_MS);
  }
  const answers = (await Promise.all(waves)).flat();
  return {
    ids: new Set(answers.map(({ batchId }) => batchId)),
    replays: answers.filter(({ isReplayed }) => isReplayed).length,
  };
}

async function statesOf(registry: Registry, ids: ReadonlySet<string>): Promise<Map<string, number>> {
  const states = new Map<string, number>();
  for (const id of ids) {
    const status = (await registry.batches.find(id))?.status ?? 'LOST';
    states.set(status, (states.get(status) ?? 0) + 1);
  }
  return states;
}
