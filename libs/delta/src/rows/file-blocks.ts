import type {
  AsyncBuffer,
  ColumnChunk,
  ColumnIndex,
  FileMetaData,
  ParquetParsers,
  SchemaElement,
} from 'hyparquet' with {
  'resolution-mode': 'import',
};
import { NO_BOUNDS } from './log-bounds';
import type { Bounds } from './log-bounds';

/** Rows of one file beside each other: a page of a column, or a row group where the file has no page index. */
export interface FileBlock extends Bounds {
  readonly firstRow: number;
  readonly rowCount: number;
}

const MICROS_PER_MILLI = 1_000n;
const FOOTER_FIRST_READ_BYTES = 65_536;

/** Whole numbers as they are stored, instants as microseconds; no instants of JavaScript, which know no microseconds. */
const AS_STORED: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => millis * MICROS_PER_MILLI,
  timestampFromMicroseconds: (micros) => micros,
  timestampFromNanoseconds: () => undefined,
  dateFromDays: (days) => days,
};

/**
 * What a Parquet file tells of a column of whole numbers, dates or timestamps: bounds of each of its pages (the page index,
 * which parquet-mr writes), or of each row group, without reading a value. A block with nulls, or that tells nothing, has no
 * bounds. Reads the footer and, of each row group, two small pieces before it.
 */
export async function fileBlocks(file: AsyncBuffer, column: string): Promise<FileBlock[]> {
  const { parquetMetadataAsync, parquetSchema } = await import('hyparquet');
  const metadata = await parquetMetadataAsync(file, {
    parsers: AS_STORED,
    initialFetchSize: FOOTER_FIRST_READ_BYTES,
    // Else metadata of other kinds than ours could fail the read.
    geoparquet: false,
  });
  const fields = parquetSchema(metadata).children.map(({ element }) => element);
  const field = fields.find(({ name }) => name === column);
  const blocks: FileBlock[] = [];
  let firstRow = 0;
  for (const { chunk, rowCount } of chunksOf(metadata, column)) {
    const pages = field && chunk && (await pageBlocks(file, chunk, field, rowCount));
    for (const block of pages ?? [groupBlock(chunk, rowCount)]) {
      blocks.push({ ...block, firstRow: firstRow + block.firstRow });
    }
    firstRow += rowCount;
  }
  return blocks;
}

/** The chunk of a column in each row group; none where the file does not have the column. */
function chunksOf({ row_groups: groups }: FileMetaData, column: string) {
  return groups.map(({ columns, num_rows: rows }) => ({
    rowCount: Number(rows),
    chunk: columns.find(({ meta_data: chunk }) => chunk?.path_in_schema.join('\0') === column),
  }));
}

function groupBlock(chunk: ColumnChunk | undefined, rowCount: number): FileBlock {
  const statistics = chunk?.meta_data?.statistics;
  const bounds = boundsOf(statistics?.min_value, statistics?.max_value, statistics?.null_count);
  return { firstRow: 0, rowCount, ...bounds };
}

/** Undefined where the file has no page index. */
async function pageBlocks(
  file: AsyncBuffer,
  chunk: ColumnChunk,
  element: SchemaElement,
  rowsOfGroup: number,
): Promise<FileBlock[] | undefined> {
  const columnIndex = await piece(file, chunk.column_index_offset, chunk.column_index_length);
  const offsetIndex = await piece(file, chunk.offset_index_offset, chunk.offset_index_length);
  if (columnIndex === undefined || offsetIndex === undefined) return undefined;
  const { readColumnIndex, readOffsetIndex } = await import('hyparquet');
  try {
    const bounds = pageBounds(readColumnIndex(columnIndex, element, AS_STORED));
    const firstRows = readOffsetIndex(offsetIndex).page_locations.map((page) => Number(page.first_row_index));
    return firstRows.map((firstRow, page) => ({
      firstRow,
      rowCount: (firstRows[page + 1] ?? rowsOfGroup) - firstRow,
      ...(bounds[page] ?? NO_BOUNDS),
    }));
  } catch (error) {
    // The bounds of a page of nulls have no bytes, which the parser does not expect of every type.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function pageBounds({ null_pages, null_counts, min_values, max_values }: ColumnIndex): Bounds[] {
  return null_pages.map((isNull, page) =>
    isNull ? NO_BOUNDS : boundsOf(min_values[page], max_values[page], null_counts?.[page]),
  );
}

async function piece(file: AsyncBuffer, offset: bigint | undefined, length: number | undefined) {
  if (offset === undefined || length === undefined) return undefined;
  const start = Number(offset);
  return { view: new DataView(await file.slice(start, start + length)), offset: 0 };
}

/** Only where it is certain that every value lies between them. */
function boundsOf(min: unknown, max: unknown, nulls: bigint | undefined) {
  const [lowest, highest] = [wholeNumber(min), wholeNumber(max)];
  if (lowest === undefined || highest === undefined || nulls !== 0n) return NO_BOUNDS;
  return { lowest, highest };
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return Number.isSafeInteger(value) ? BigInt(value as number) : undefined;
}
