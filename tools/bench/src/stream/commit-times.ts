import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';

const LOOK_EVERY_MS = 10;

/** A commit that added rows, and when a reader could first see it. */
interface VisibleCommit {
  readonly visibleAtMs: number;
  readonly files: readonly string[];
}

/** Follows the log of a table and notes when each commit can be read. */
export class CommitTimes {
  private readonly commits: VisibleCommit[] = [];
  private readonly over = new AbortController();
  private following: Promise<void> = Promise.resolve();

  constructor(private readonly table: string) {}

  /** How many were seen. */
  get count(): number {
    return this.commits.length;
  }

  /** From the next commit on. */
  async start(): Promise<void> {
    const next = await this.nextVersion();
    this.following = this.follow(next);
  }

  /** Seconds from each row's `event_timestamp`, which is when it was sent, until it could be read. */
  async stop(): Promise<number[]> {
    this.over.abort();
    await this.following;
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      const ages: number[] = [];
      for (const { visibleAtMs, files } of this.commits) {
        const list = files.map((file) => `'${join(this.table, file).replaceAll("'", "''")}'`).join(', ');
        const result = await connection.runAndReadAll(
          `SELECT epoch_ms(event_timestamp) AS sent FROM read_parquet([${list}])`,
        );
        for (const [sent] of result.getRows()) ages.push((visibleAtMs - Number(sent)) / 1_000);
      }
      return ages;
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  private async follow(first: number): Promise<void> {
    for (let version = first; !this.over.signal.aborted;) {
      const log = join(this.table, '_delta_log', `${String(version).padStart(20, '0')}.json`);
      if (!existsSync(log)) {
        await delay(LOOK_EVERY_MS);
        continue;
      }
      const visibleAtMs = Date.now();
      const files = addedFiles(await readFile(log, 'utf8'));
      if (files.length > 0) this.commits.push({ visibleAtMs, files });
      version += 1;
    }
  }

  private async nextVersion(): Promise<number> {
    const log = join(this.table, '_delta_log');
    if (!existsSync(log)) return 0;
    const names = await readdir(log);
    const versions = names.filter((name) => /^\d{20}\.json$/.test(name)).map((name) => parseInt(name, 10));
    return Math.max(-1, ...versions) + 1;
  }
}

function addedFiles(commit: string): string[] {
  return commit
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { add?: { path: string } })
    .flatMap(({ add }) => (add === undefined ? [] : [decodeURIComponent(add.path)]));
}
