import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BATCH_STATUSES } from '@millrace/domain';
import type { BatchStatus } from '@millrace/domain';
import { aBatch, aRegisteredBatch, aRequester, aUuid } from '@millrace/testing';
import { freshDatabase } from './fresh-database';
import type { FreshDatabase } from './fresh-database';
import { MIGRATIONS_FOLDER, readMigrations } from './migration-files';
import { openRegistry } from './open-registry';
import type { Registry } from './open-registry';

const SUBMIT_TIME = new Date('2025-01-15T10:30:00.123Z');
const END_TIME = new Date('2025-01-15T10:32:00.750Z');
const endOf = (status: BatchStatus) => (status === 'COMPLETED' || status === 'FAILED' ? END_TIME : null);
let database: FreshDatabase;
let registry: Registry;

/** The tables of the first release with a batch in every state, brought to today. */
beforeAll(async () => {
  database = await freshDatabase();
  const [first, ...later] = readMigrations().map(({ name }) =>
    readFileSync(join(MIGRATIONS_FOLDER, name, 'migration.sql'), 'utf8'),
  );
  await database.query(first ?? '');
  for (const [index, status] of BATCH_STATUSES.entries()) {
    await database.query(
      `INSERT INTO batches (batch_id, uuid, status, attempt, submit_time, end_time, analysis_type, source, start_date,
                            end_date)
       VALUES ($1, $2, $3, 2, $4, $5, 'revenue_by_category', 'delta', '2025-01-01', '2025-01-31')`,
      [`batch-20250115-0000000${index}`, aUuid(index), status, SUBMIT_TIME, endOf(status)],
    );
  }
  for (const migration of later) await database.query(migration);
  registry = openRegistry({ databaseUrl: database.url, maxConnections: 2, applicationName: 'rows-spec' });
});
afterAll(async () => {
  await registry.close();
  await database.drop();
});

it.each(BATCH_STATUSES.map((status, index) => ({ status, index })))(
  'a $status batch of the first release stays what it was, with the event of its state',
  async ({ status, index }) => {
    const record = await registry.batches.find(aUuid(index));
    const unknown = aRequester({
      client: 'unknown',
      address: 'unknown',
      userAgent: null,
      requestId: 'unknown',
    });
    // Results are kept for a week, and so is what a failed batch has finished.
    const end = { endTime: endOf(status), expiresAt: endOf(status) && new Date('2025-01-22T10:32:00.750Z') };
    expect(record).toEqual(
      aBatch({ uuid: aUuid(index), status, attempt: 2, requestedBy: unknown, fingerprint: '', ...end }),
    );
    const detail = { type: 'status', status, attempt: 2, errorMessage: null };
    expect(await registry.batches.events(record?.batchId ?? '', 0, 10)).toEqual([
      { batchId: record?.batchId, id: 1, time: endOf(status) ?? SUBMIT_TIME, detail },
    ]);
  },
);

it('such batches go on as any other', async () => {
  const [pending] = await registry.batches.inState('PENDING');
  const claimed = await registry.batches.claim({ batchId: pending?.batchId ?? '', attempt: 2 }, new Date());
  expect(claimed).toMatchObject({ status: 'RUNNING', lastEventId: 2 });
  const fresh = await aRegisteredBatch(registry.batches);
  expect(fresh.fairRank).toBe(2);
});
