import type { Message } from 'kafkajs';

const LENGTH_BYTES = 4;

const bytesOf = (part: Buffer | string | null | undefined): number =>
  part === null || part === undefined ? 0 : Buffer.byteLength(part);

/** As `io.millrace.kafka.PipedProducer` reads it: four bytes with the length, then the content. */
export function frameOf(content: string): Buffer {
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + bytesOf(content));
  writeFrame(frame, 0, content);
  return frame;
}

/** A frame with the key and one with the value of each message. */
export function framesOf(messages: readonly Message[]): Buffer {
  let size = 0;
  for (const { key, value } of messages) size += 2 * LENGTH_BYTES + bytesOf(key) + bytesOf(value);
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { key, value } of messages) at = writeFrame(frames, writeFrame(frames, at, key), value);
  return frames;
}

/** @returns where the next one goes */
function writeFrame(frames: Buffer, at: number, content: Buffer | string | null | undefined): number {
  const start = at + LENGTH_BYTES;
  const length = written(frames, start, content ?? '');
  frames.writeUInt32BE(length, at);
  return start + length;
}

const written = (frames: Buffer, start: number, content: Buffer | string): number =>
  typeof content === 'string' ? frames.write(content, start) : content.copy(frames, start);
