import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeltaTables } from '@millrace/delta';
import type { PageRequest } from '@millrace/delta';
import { DeltaTableFixture, metadataAction, protocolAction } from '@millrace/delta/fixtures';
import type { FixtureSchema } from '@millrace/delta/fixtures';
import { STORED_TRANSACTION_COLUMNS, tablePaths } from '@millrace/domain';
import type { BatchRecord, StoredColumn } from '@millrace/domain';
import { createService, readConfig } from '@millrace/platform';
import type { Service } from '@millrace/platform';
import {
  InMemoryBatchRegistry,
  InMemoryRejectReplays,
  InMemoryUpkeepRegistry,
  aBatch,
} from '@millrace/testing';
import { AppModule } from './app.module';
import { resultsSettings } from './config';
import { ExportFiles } from './exports/export-files';
import type { ResultsPorts } from './ports';

const EXPORT_MIB = 1;

export const INTERNAL_TOKEN = 'internal-token-of-specs';

const DELTA_TYPES: Readonly<Record<string, unknown>> = {
  bigint: 'long',
  int: 'integer',
  'array<string>': { type: 'array', elementType: 'string', containsNull: true },
};

/** Schema of a Delta table with columns as the domain tells them. */
export function deltaSchema(columns: readonly StoredColumn[]): FixtureSchema {
  return Object.fromEntries(columns.map(({ name, type }) => [name, DELTA_TYPES[type] ?? type]));
}

/** A column of rows, as SQL: every stored column of a transaction, most of them null. */
export function transactionsSql(rows: number, columns: Readonly<Record<string, string>> = {}): string {
  const types: Readonly<Record<string, string>> = { string: 'VARCHAR', timestamp: 'TIMESTAMPTZ' };
  const values = STORED_TRANSACTION_COLUMNS.filter(({ name }) => name !== 'category').map(
    ({ name, type }) => `${columns[name] ?? `NULL::${types[type] ?? type}`} AS ${name}`,
  );
  return `SELECT ${values.join(', ')} FROM range(${String(rows)})`;
}

/** The results service on real Delta folders and a registry in memory, reached by `get`. */
export class ResultsFixture {
  readonly upkeep = new InMemoryUpkeepRegistry();
  readonly rejectReplays = new InMemoryRejectReplays();
  isRegistryAway = false;
  isStoreAway = false;
  /** Runs between the look at the registry and the first read of a table. */
  beforeReading: () => Promise<void> = () => Promise.resolve();
  /** Runs before each part of rows that are streamed. */
  beforeRows: (offset: number) => Promise<void> = () => Promise.resolve();
  private readonly tables: DeltaTables;
  private readonly exports: ExportFiles;
  /** Where files of rows are written. */
  readonly exportFolder: string;
  private readonly opened: DeltaTableFixture[] = [];
  private records: readonly BatchRecord[] = [];
  private service: Service | undefined;

  private constructor(
    readonly folder: string,
    readonly basePath: string,
  ) {
    this.exportFolder = join(folder, 'exports');
    this.exports = new ExportFiles(this.exportFolder, { maxMib: EXPORT_MIB, graceMs: 0 });
    this.tables = DeltaTables.open({
      root: basePath,
      exported: { folder: this.exportFolder, maxFileMib: EXPORT_MIB },
    });
  }

  static async create(): Promise<ResultsFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'results spec '));
    const fixture = new ResultsFixture(folder, join(folder, 'delta'));
    await fixture.start();
    return fixture;
  }

  get paths() {
    return tablePaths(this.basePath);
  }

  /** The registry as it is from now on. */
  register(...records: readonly Partial<BatchRecord>[]): readonly BatchRecord[] {
    this.records = records.map((record) => aBatch(record));
    return this.records;
  }

  /** A batch with its results where they belong, at version 1. */
  completed(batchId: string, overrides: Partial<BatchRecord> = {}): Partial<BatchRecord> {
    return {
      batchId,
      status: 'COMPLETED',
      deltaRawPath: this.paths.raw(batchId),
      deltaAggPath: this.paths.aggregated(batchId),
      rawVersion: 1n,
      aggVersion: 1n,
      ...overrides,
    };
  }

  async table(
    path: string,
    columns: readonly StoredColumn[],
    partitionColumns: readonly string[] = [],
  ): Promise<DeltaTableFixture> {
    const table = await DeltaTableFixture.create(path);
    this.opened.push(table);
    await table.commit(0, [protocolAction(), metadataAction(deltaSchema(columns), { partitionColumns })]);
    return table;
  }

  get(url: string, headers: Readonly<Record<string, string>> = {}) {
    return this.ask({ method: 'GET', url }, headers);
  }

  head(url: string, headers: Readonly<Record<string, string>> = {}) {
    return this.ask({ method: 'HEAD', url }, headers);
  }

  /** @param signal that the client goes away. */
  async ask(
    what: { readonly method: 'GET' | 'HEAD'; readonly url: string; readonly signal?: AbortSignal },
    headers: Readonly<Record<string, string>> = {},
  ) {
    if (this.service === undefined) throw new Error('The service is not started');
    const authorization = `Bearer ${INTERNAL_TOKEN}`;
    return this.service.app.inject({ ...what, headers: { authorization, ...headers } });
  }

  async close(): Promise<void> {
    await this.service?.app.close();
    for (const table of this.opened) table.close();
    await rm(this.folder, { recursive: true });
  }

  private async *watched<Part>(
    { offset }: PageRequest,
    parts: AsyncIterable<Part>,
    rowsOf: (part: Part) => number,
  ): AsyncGenerator<Part, void, undefined> {
    let read = offset;
    await this.beforeRows(read);
    for await (const part of parts) {
      yield part;
      read += rowsOf(part);
      await this.beforeRows(read);
    }
  }

  private async start(): Promise<void> {
    const config = readConfig(resultsSettings, {
      MILLRACE_INTERNAL_TOKEN: INTERNAL_TOKEN,
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
      DELTA_BASE_PATH: this.basePath,
      LOG_LEVEL: 'silent',
    });
    const ports: ResultsPorts = {
      batches: { find: (reference) => new InMemoryBatchRegistry(this.records).find(reference) },
      tables: {
        openSnapshot: async (path, options) => {
          await this.beforeReading();
          return this.tables.openSnapshot(path, options);
        },
        countRows: (snapshot, filters) => this.tables.countRows(snapshot, filters),
        countBy: (snapshot, column) => this.tables.countBy(snapshot, column),
        readPage: (snapshot, request) => this.tables.readPage(snapshot, request),
        streamText: (snapshot, request, format) =>
          this.watched(request, this.tables.streamText(snapshot, request, format), ({ rows }) => rows),
        streamArrow: (snapshot, request) =>
          this.watched(request, this.tables.streamArrow(snapshot, request), ({ numRows }) => numRows),
        writeParquet: async (snapshot, request, name) => {
          await this.beforeRows(request.offset);
          await this.tables.writeParquet(snapshot, request, name);
        },
        compare: (before, after, request) => this.tables.compare(before, after, request),
        history: (path, limit) => this.tables.history(path, limit),
      },
      exports: this.exports,
      upkeep: this.upkeep,
      rejectReplays: this.rejectReplays,
      pingRegistry: () =>
        this.isRegistryAway ? Promise.reject(new Error('connection refused')) : Promise.resolve(),
      pingTables: () =>
        this.isStoreAway ? Promise.reject(new Error('connection refused')) : this.tables.ping(),
      close: () => this.tables.close(),
    };
    this.service = await createService(AppModule.of(config, ports), { name: 'results', ...config });
  }
}
