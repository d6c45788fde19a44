import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { SortKey } from '@millrace/domain';
import type { BoundedCache } from '../bounded-cache';
import type { Snapshot } from '../snapshot/snapshot';
import type { TableFiles } from '../storage/table-storage';
import { fileBlocks } from './file-blocks';
import type { FileBlock } from './file-blocks';
import type { KeyRange } from './key-range';
import { COUNTED_TYPES, logBounds } from './log-bounds';
import type { Bounds } from './log-bounds';
import { RowBlocks } from './page-window';
import type { Bound, PageWindow, RowBlock } from './page-window';
import { rowsOf } from './row-ranges';
import { requireColumn } from './row-source';

/** Files that are opened at once. */
const OPEN_FILES = 16;
/** Rows that are looked at for each one within bounds of keys, and beside them in each range: elsewhere ranges are read one by one. */
const MOST_READ_PER_ROW = 4;
const ROWS_OF_ENDS = 4_000;
/** Where a page may be in more of them, the engine is sooner through with the whole table than we with their footers. */
const MOST_FILES = 128;

/** Where a page is. */
export interface FoundPage extends Pick<PageWindow, 'rowsBefore' | 'ranges'> {
  /** Undefined where rows are not found by it. */
  readonly keys: KeyRange | undefined;
  /** Whether few rows beside some that are sought have keys between theirs. */
  isNarrow(keys: KeyRange, sought: number): boolean;
}

/** What is remembered of the files of all snapshots. */
export interface KnownBlocks {
  /** Of each file. */
  readonly ofFiles: BoundedCache<readonly FileBlock[]>;
  /** Of files that pages were sought in together. */
  readonly together: BoundedCache<RowBlocks>;
}

/** Where pages are in an order that begins with a column of whole numbers or times: first by the log, then by the files it leaves. */
export class KeyIndex {
  /** Of this index alone: a table may be deleted and made again. */
  private readonly id = randomUUID();
  private readonly ofFiles: RowBlocks;

  /** Undefined where the files of the snapshot tell nothing about the column. @param table whose files they are. */
  static of(
    snapshot: Snapshot,
    table: TableFiles,
    { column, direction }: SortKey,
    known: KnownBlocks,
  ): KeyIndex | undefined {
    const { type } = requireColumn(snapshot, column).field;
    if (type.kind !== 'primitive' || !COUNTED_TYPES.has(type.name)) return undefined;
    if (snapshot.partitionColumns.includes(column)) return undefined;
    const blocks: RowBlock[] = [];
    for (const [file, data] of snapshot.files.entries()) {
      if (data.numRecords === undefined) return undefined;
      const bounds = directed(logBounds(data, column, type.name), direction);
      blocks.push({ file, firstRow: 0, rowCount: data.numRecords, ...bounds });
    }
    return new KeyIndex(snapshot, table, column, direction, blocks, known);
  }

  private constructor(
    private readonly snapshot: Snapshot,
    private readonly table: TableFiles,
    private readonly column: string,
    private readonly direction: SortKey['direction'],
    blocks: readonly RowBlock[],
    private readonly known: KnownBlocks,
  ) {
    this.ofFiles = new RowBlocks(blocks);
  }

  /** Undefined where it could be nearly everywhere. */
  async find(offset: number, limit: number): Promise<FoundPage | undefined> {
    const { rowsBefore, ranges } = this.ofFiles.window(offset, limit);
    if (ranges.length > MOST_FILES) return undefined;
    const files = ranges.map(({ file }) => file);
    const blocks = await this.known.together.get(`${this.id}/${files.join()}`, () => this.blocksOf(files));
    const page = blocks.window(offset - rowsBefore, limit);
    const isNarrow = (keys: Bounds, sought: number) =>
      blocks.rowsBetween(directed(keys, this.direction)) <=
      MOST_READ_PER_ROW * sought + ROWS_OF_ENDS * page.ranges.length;
    const keys = { column: this.column, ...directed(page, this.direction) };
    return {
      rowsBefore: rowsBefore + page.rowsBefore,
      ranges: page.ranges,
      keys: isNarrow(keys, rowsOf(page.ranges)) ? keys : undefined,
      isNarrow,
    };
  }

  /** Files that may hold rows with such keys, as the log tells. */
  filesBetween(keys: Bounds): readonly number[] {
    return this.ofFiles.filesBetween(directed(keys, this.direction));
  }

  private async blocksOf(files: readonly number[]): Promise<RowBlocks> {
    const blocks: RowBlock[] = [];
    for (let first = 0; first < files.length; first += OPEN_FILES) {
      const some = files.slice(first, first + OPEN_FILES);
      const ofSome = await Promise.all(some.map((file) => this.blocksOfFile(file)));
      for (const [index, file] of some.entries()) {
        const own = ofSome[index] ?? [];
        blocks.push(...own.map((block) => ({ ...block, ...directed(block, this.direction), file })));
      }
    }
    return new RowBlocks(blocks);
  }

  private blocksOfFile(file: number): Promise<readonly FileBlock[]> {
    const path = this.snapshot.files[file]?.path ?? '';
    return this.known.ofFiles.get(`${this.id}/${file}`, () =>
      this.table.withLocal([path], ([location = '']) => readBlocks(location, this.column)),
    );
  }
}

async function readBlocks(location: string, column: string): Promise<readonly FileBlock[]> {
  const handle = await open(location);
  try {
    const { size: byteLength } = await handle.stat();
    const slice = (start: number, end = byteLength) => readBytes(handle, start, end - start);
    return await fileBlocks({ byteLength, slice }, column);
  } finally {
    await handle.close();
  }
}

async function readBytes(handle: FileHandle, position: number, length: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  if (bytesRead < length) throw new Error(`The file ends ${length - bytesRead} bytes early`);
  return bytes.buffer;
}

/** Highest first is lowest first of the negatives. */
function directed({ lowest, highest }: Bounds, direction: SortKey['direction']): Bounds {
  const negative = (bound: Bound): Bound => -bound;
  return direction === 'asc' ? { lowest, highest } : { lowest: negative(highest), highest: negative(lowest) };
}
