import { AsyncByteQueue, RecordBatchStreamWriter } from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';

/** Keeps what is written until it is taken. Arrow's own streams leave a rejection that nobody can handle when they are destroyed. */
class Pieces extends AsyncByteQueue {
  private pieces: Uint8Array[] = [];

  override write(piece: Uint8Array): void {
    this.pieces.push(piece);
  }

  take(): Buffer {
    const bytes = Buffer.concat(this.pieces);
    this.pieces = [];
    return bytes;
  }
}

/** Record batches of one schema as a stream of Arrow's IPC format, piece by piece. */
export class ArrowIpc {
  private readonly pieces = new Pieces();
  private readonly writer = new RecordBatchStreamWriter();

  constructor() {
    this.writer.reset(this.pieces);
  }

  /** Its bytes; those of the first one begin with the schema. */
  write(batch: RecordBatch): Buffer {
    this.writer.write(batch);
    return this.pieces.take();
  }

  /** The bytes that say that nothing more comes. */
  end(): Buffer {
    this.writer.finish();
    return this.pieces.take();
  }
}
