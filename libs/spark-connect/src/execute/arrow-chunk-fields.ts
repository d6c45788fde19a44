import { create, type UnknownField } from '@bufbuild/protobuf';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  ExecutePlanRequest_RequestOptionSchema,
  type ExecutePlanRequest_RequestOption,
  type ExecutePlanResponse_ArrowBatch,
} from '../generated/spark/connect/base_pb';

// Spark 4.1 (SPARK-53525) added these to `base.proto`; the messages in `src/generated` are those of 4.0.1 and do not know them, so they
// are read and written as unknown fields, which every protobuf implementation passes by.
//   ExecutePlanResponse.ArrowBatch   { optional int64 chunk_index = 4; optional int64 num_chunks_in_batch = 5 }
//   ExecutePlanRequest.RequestOption { oneof { ResultChunkingOptions result_chunking_options = 2 } }
//   ResultChunkingOptions            { bool allow_arrow_batch_chunking = 1; optional int64 preferred_arrow_chunk_size = 2 }
const CHUNK_INDEX = 4;
const NUM_CHUNKS_IN_BATCH = 5;
const RESULT_CHUNKING_OPTIONS = 2;
const ALLOW_ARROW_BATCH_CHUNKING = 1;
const PREFERRED_ARROW_CHUNK_SIZE = 2;

/** Which piece of its batch a message holds. A batch that is not cut is its own only piece. */
export interface ChunkPosition {
  readonly index: number;
  readonly total: number;
}

/** Reads the place of a message in its batch. */
export function chunkPositionOf(batch: ExecutePlanResponse_ArrowBatch): ChunkPosition {
  const index = int64(batch.$unknown, CHUNK_INDEX) ?? 0;
  // 0 as well as absent says "not cut", as in `SparkResult.scala`.
  const total = int64(batch.$unknown, NUM_CHUNKS_IN_BATCH) ?? 0;
  return { index, total: total === 0 ? 1 : total };
}

/** Is this the last (or the only) piece of its batch? */
export function endsBatch(batch: ExecutePlanResponse_ArrowBatch): boolean {
  const { index, total } = chunkPositionOf(batch);
  return index + 1 === total;
}

/** Marks a message as a piece of a batch; what a server does. */
export function setChunkPosition(
  batch: ExecutePlanResponse_ArrowBatch,
  { index, total }: ChunkPosition,
): void {
  batch.$unknown = [varint(CHUNK_INDEX, index), varint(NUM_CHUNKS_IN_BATCH, total)];
}

/** The request option that allows the server to cut batches. @param preferredBytes Size of the pieces; default the server's. */
export function chunkingOption(preferredBytes: number | undefined): ExecutePlanRequest_RequestOption {
  const options = new BinaryWriter().tag(ALLOW_ARROW_BATCH_CHUNKING, WireType.Varint).bool(true);
  if (preferredBytes !== undefined) {
    options.tag(PREFERRED_ARROW_CHUNK_SIZE, WireType.Varint).int64(BigInt(preferredBytes));
  }
  const option = create(ExecutePlanRequest_RequestOptionSchema);
  const data = new BinaryWriter().bytes(options.finish()).finish();
  option.$unknown = [{ no: RESULT_CHUNKING_OPTIONS, wireType: WireType.LengthDelimited, data }];
  return option;
}

function int64(fields: readonly UnknownField[] | undefined, no: number): number | undefined {
  // The last one counts, as for every field that is not repeated.
  const field = fields?.findLast(
    (candidate) => candidate.no === no && candidate.wireType === WireType.Varint,
  );
  return field === undefined ? undefined : Number(new BinaryReader(field.data).int64());
}

function varint(no: number, value: number): UnknownField {
  return { no, wireType: WireType.Varint, data: new BinaryWriter().int64(BigInt(value)).finish() };
}
