import { ProtocolError } from '../errors/spark-connect-error';
import type { ExecutePlanResponse_ArrowBatch } from '../generated/spark/connect/base_pb';
import { chunkPositionOf } from './arrow-chunk-fields';

type ArrowBatch = ExecutePlanResponse_ArrowBatch;

/** A batch of which not all pieces have come. */
interface OpenBatch {
  readonly first: ArrowBatch;
  readonly total: number;
  readonly pieces: Uint8Array[];
}

/**
 * Puts the Arrow batches of one result together from their messages, and checks that nothing is missing, double or out of order.
 * Mirrors `SparkResult.scala#processResponses` (4.1). Works across reattaches, which happen below.
 */
export class ArrowBatches {
  private open: OpenBatch | undefined;

  /**
   * @param nextRow The row the next batch must begin with: 0, or null where the beginning of the result was consumed by another
   * process, so that any will do.
   */
  constructor(private nextRow: bigint | null = 0n) {}

  /**
   * Takes the next message; the batch, once all of it has come.
   * @throws ProtocolError when it is not the message that must follow.
   */
  accept(message: ArrowBatch): ArrowBatch | undefined {
    const { index, total } = chunkPositionOf(message);
    const open = this.open ?? this.begin(message, total);
    const expected = open.pieces.length;
    if (index !== expected) throw new ProtocolError(wrongPiece(expected, index, message));
    if (total !== open.total) {
      throw new ProtocolError(`a batch of ${String(open.total)} pieces became one of ${String(total)}`);
    }
    if (message.startOffset !== open.first.startOffset || message.rowCount !== open.first.rowCount) {
      throw new ProtocolError(
        `piece ${String(index)} belongs to another batch: it says ${placeOf(message)}, the first piece said ${placeOf(open.first)}`,
      );
    }
    open.pieces.push(message.data);
    if (open.pieces.length < total) {
      this.open = open;
      return undefined;
    }
    this.open = undefined;
    const beganAt = open.first.startOffset ?? this.nextRow;
    this.nextRow = beganAt === null ? null : beganAt + open.first.rowCount;
    return total === 1 ? message : { ...open.first, data: Buffer.concat(open.pieces) };
  }

  /** The result is complete. @throws ProtocolError when it ended within a batch. */
  end(): void {
    if (this.open === undefined) return;
    const { pieces, total } = this.open;
    throw new ProtocolError(
      `the result ended after ${String(pieces.length)} of ${String(total)} pieces of a batch`,
    );
  }

  private begin(message: ArrowBatch, total: number): OpenBatch {
    const { startOffset } = message;
    if (startOffset !== undefined && this.nextRow !== null && startOffset !== this.nextRow) {
      throw new ProtocolError(
        `expected a batch from row ${String(this.nextRow)}, got row ${String(startOffset)}`,
      );
    }
    if (total < 1) throw new ProtocolError(`a batch of ${String(total)} pieces`);
    return { first: message, total, pieces: [] };
  }
}

function wrongPiece(expected: number, index: number, message: ArrowBatch): string {
  return `expected piece ${String(expected)} of a batch, got piece ${String(index)} (${placeOf(message)})`;
}

function placeOf({ startOffset, rowCount }: ArrowBatch): string {
  const from = startOffset === undefined ? '' : ` from row ${String(startOffset)}`;
  return `${String(rowCount)} rows${from}`;
}
