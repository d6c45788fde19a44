import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import { DeltaTableFixture, metadataAction, protocolAction } from '@millrace/delta/fixtures';
import { REJECT_COLUMNS, tablePaths } from '@millrace/domain';
import { deltaSchema } from '../results.fixture';

/** A rejected event as a spec names it; the rest is the same for all. */
export interface SpecReject {
  readonly topic?: string;
  readonly partition?: number;
  readonly offset: number;
  readonly reason?: string;
  /** SQL */
  readonly key?: string;
  readonly value?: string;
  /** `YYYY-MM-DD HH:MM:SS`, UTC */
  readonly rejectedAt?: string;
}

/** A table of rejects on disk. */
export class RejectsFixture {
  private version = 0;

  private constructor(
    readonly folder: string,
    readonly tables: DeltaTables,
    private readonly table: DeltaTableFixture,
  ) {}

  static async create(): Promise<RejectsFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'rejects command '));
    const table = await DeltaTableFixture.create(tablePaths(folder).rejects);
    await table.commit(0, [
      protocolAction(),
      metadataAction(deltaSchema(REJECT_COLUMNS), { partitionColumns: ['reject_date'] }),
    ]);
    return new RejectsFixture(folder, DeltaTables.open({ root: folder }), table);
  }

  /** One commit, as a micro-batch makes it. */
  async reject(...rejects: readonly SpecReject[]): Promise<void> {
    this.version += 1;
    const rows = rejects.map(
      ({ topic = 'transactions-stream', partition = 0, reason = 'quantity: below 1', ...reject }) =>
        `SELECT '${reason}' AS reason, '${topic}' AS topic, ${partition} AS partition,
          ${reject.offset}::BIGINT AS "offset", TIMESTAMPTZ '2025-01-15 08:00:00.123+00' AS timestamp,
          ${reject.key ?? "'k'::BLOB"} AS "key", ${reject.value ?? `'event ${reject.offset}'::BLOB`} AS value,
          TIMESTAMPTZ '${reject.rejectedAt ?? '2025-01-15 08:00:01'}+00' AS rejected_at`,
    );
    const name = `${this.version}.parquet`;
    const file = await this.table.data(name, rows.join(' UNION ALL '), { reject_date: '2025-01-15' });
    await this.table.commit(this.version, [file]);
  }

  snapshot() {
    return this.tables.openSnapshot(tablePaths(this.folder).rejects);
  }

  async close(): Promise<void> {
    this.table.close();
    await this.tables.close();
    await rm(this.folder, { recursive: true });
  }
}
