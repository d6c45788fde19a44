import type { ICustomPartitioner } from 'kafkajs';

const SEED = 0x9747b28c;
const FACTOR = 0x5bd1e995;

/** MurmurHash2 as Kafka's own clients compute it, of ASCII text. */
function murmur2(key: string): number {
  const { length } = key;
  let hash = SEED ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    const word =
      key.charCodeAt(at) |
      (key.charCodeAt(at + 1) << 8) |
      (key.charCodeAt(at + 2) << 16) |
      (key.charCodeAt(at + 3) << 24);
    const mixed = Math.imul(word, FACTOR);
    hash = Math.imul(hash, FACTOR) ^ Math.imul(mixed ^ (mixed >>> 24), FACTOR);
  }
  if (at < length) {
    for (let shift = 0; at < length; at++, shift += 8) hash ^= key.charCodeAt(at) << shift;
    hash = Math.imul(hash, FACTOR);
  }
  hash = Math.imul(hash ^ (hash >>> 13), FACTOR);
  return hash ^ (hash >>> 15);
}

/** The partition that Kafka's own clients choose for this key, which must be ASCII. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/**
 * The partitioner of every producer here. The one of kafkajs chooses the same partitions, but computes in BigInt, which
 * costs more than making the event.
 */
export const asciiKeyPartitioner: ICustomPartitioner =
  () =>
  ({ message, partitionMetadata }) =>
    partitionOf(String(message.key), partitionMetadata.length);
