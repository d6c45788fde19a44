import { aUuid } from '@millrace/testing';
import type { BatchRecord } from '@millrace/domain';
import { LAST_EVENT, RecoveryFixture } from './recovery.fixture';

describe('recoverRegistry, of a batch whose commits do not carry its request', () => {
  let files: RecoveryFixture;

  beforeEach(async () => {
    files = await RecoveryFixture.create();
  });

  afterEach(() => files.close());

  const old = (step: string) => ({ batchId: 'batch-20250115-a3f8e2b1', step, operationId: 'o' });

  it('tells what paths and logs tell', async () => {
    const lost = files.completed({ analysisType: 'payment_analysis' });
    await files.writeStep(lost, 'raw', { userMetadata: old('raw') });
    await files.writeStep(lost, 'aggregated', { userMetadata: old('aggregated') });
    await files.recover();
    const row = await files.rowOf(lost);
    expect(row).toMatchObject({
      status: 'COMPLETED',
      analysisType: 'payment_analysis',
      source: 'delta',
      requestedBy: { client: 'recovered' },
      uuid: expect.stringMatching(/^a3f8e2b1-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/) as string,
      rowCount: 3n,
      maxEventTimestamp: LAST_EVENT,
      startTime: new Date('2025-01-15T10:30:02.345Z'),
      endTime: new Date('2025-01-15T10:30:03.345Z'),
      rawVersion: 0n,
      aggVersion: 0n,
    });
  });

  it('knows a full report by its folders', async () => {
    const lost = files.completed({ analysisType: 'full_report' });
    for (const step of Object.keys(lost.executions) as (keyof typeof lost.executions)[]) {
      await files.writeStep(lost, step, { userMetadata: 'not ours' });
    }
    await files.recover();
    expect(await files.rowOf(lost)).toMatchObject({ status: 'COMPLETED', analysisType: 'full_report' });
  });

  it('says that nothing tells which analysis it was', async () => {
    const lost = files.completed();
    await files.writeStep(lost, 'raw', { userMetadata: old('raw') });
    await files.writeStep(lost, 'aggregated', {
      userMetadata: old('aggregated'),
      columns: [{ name: 'figure', type: 'int', nullable: true }],
    });
    await files.recover();
    expect(await files.rowOf(lost)).toMatchObject({
      status: 'UNKNOWN',
      errorMessage: expect.stringMatching(/: nothing tells which analysis it was$/) as string,
    });
  });

  it.each([
    ['of another batch', { batchId: 'batch-20250115-ffffffff', uuid: aUuid(0xffffffff) }],
    ['with a UUID that is not its own', { uuid: aUuid(0xffffffff) }],
  ])('does not believe words %s', async (_what, overrides) => {
    const lost = files.completed();
    const stranger = { ...files.completed({ labels: { team: 'pricing' } }), ...overrides };
    for (const step of ['raw', 'aggregated'] as const) {
      const { batchId } = lost;
      await files.writeStep({ ...stranger, batchId }, step, {
        userMetadata: { step, batch: { ...jsonOf(stranger) } },
      });
    }
    await files.recover();
    expect(await files.rowOf(lost)).toMatchObject({
      status: 'COMPLETED',
      requestedBy: { client: 'recovered' },
    });
  });
});

/** A record as JSON could carry it. */
function jsonOf(record: BatchRecord): object {
  const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
  return JSON.parse(JSON.stringify(record, plain)) as object;
}
