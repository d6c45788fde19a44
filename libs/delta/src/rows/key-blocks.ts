import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { SortKey } from '@millrace/domain';
import type { Snapshot } from '../snapshot/snapshot';
import type { DeltaType, PrimitiveType } from '../snapshot/table-schema';
import { fileFacts } from './file-blocks';
import type { FileBlock, FileFacts } from './file-blocks';
import { RowBlocks } from './page-window';
import type { Bound } from './page-window';
import { requireColumn } from './row-source';

/** Files that are opened at once. */
const OPEN_FILES = 16;
/** Types whose bounds are whole numbers, in the same unit in every file. */
const COUNTED_TYPES: ReadonlySet<PrimitiveType> = new Set([
  'long',
  'integer',
  'short',
  'byte',
  'date',
  'timestamp',
  'timestamp_ntz',
]);

/** Whether the files of a table may tell where rows are in an order that begins so. */
export function hasBlocks(snapshot: Snapshot, { column }: SortKey): boolean {
  return isCounted(requireColumn(snapshot, column).field.type) && !snapshot.partitionColumns.includes(column);
}

/** What the files of a snapshot tell, in their order. */
export interface KeyBlocks {
  readonly rows: RowBlocks;
  /** Names of the columns that each file has. */
  readonly columns: readonly ReadonlySet<string>[];
}

/** Reads what the files tell about the first column of an order. @param locations of a snapshot's files, in that order. */
export async function keyBlocks(
  locations: readonly string[],
  { column, direction }: SortKey,
): Promise<KeyBlocks> {
  const facts: FileFacts[] = [];
  for (let first = 0; first < locations.length; first += OPEN_FILES) {
    const some = locations.slice(first, first + OPEN_FILES);
    facts.push(...(await Promise.all(some.map((location) => factsOf(location, column)))));
  }
  const blocks = facts.flatMap((ofFile, file) =>
    ofFile.blocks.map((block) => ({ ...(direction === 'asc' ? block : mirrored(block)), file })),
  );
  return { rows: new RowBlocks(blocks), columns: facts.map(({ columns }) => columns) };
}

function isCounted(type: DeltaType): boolean {
  return type.kind === 'primitive' && COUNTED_TYPES.has(type.name);
}

async function factsOf(location: string, column: string): Promise<FileFacts> {
  const handle = await open(location);
  try {
    const { size: byteLength } = await handle.stat();
    const slice = (start: number, end = byteLength) => readBytes(handle, start, end - start);
    return await fileFacts({ byteLength, slice }, column);
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
function mirrored({ lowest, highest, ...rows }: FileBlock): FileBlock {
  const negative = (bound: Bound): Bound => -bound;
  return { ...rows, lowest: negative(highest), highest: negative(lowest) };
}
