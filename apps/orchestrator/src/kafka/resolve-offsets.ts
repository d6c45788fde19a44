import { InvalidRequest } from '@millrace/domain';
import type { ErrorDetail, OffsetMap, OffsetRange, OffsetSpec } from '@millrace/domain';
import type { PartitionOffsets } from './kafka-topics';

/** As Spark reads them in a map. */
const EARLIEST = -2;
const LATEST = -1;

/** More than a few wrong partitions are one mistake. */
const MOST_DETAILS = 10;
const MOST_NAMES = 20;

/**
 * What the words and maps of a request mean for the topic as it is now, in all of its partitions.
 * @throws InvalidRequest naming `startOffset` or `endOffset` and the partitions that are wrong.
 */
export function resolveOffsets(
  spec: { readonly startOffset: OffsetSpec; readonly endOffset: OffsetSpec },
  partitions: readonly PartitionOffsets[],
): OffsetRange {
  if (spec.startOffset === 'latest')
    throwIfAny('startOffset', ['must be "earliest" or a map: nothing comes after "latest"']);
  if (spec.endOffset === 'earliest')
    throwIfAny('endOffset', ['must be "latest" or a map: nothing comes before "earliest"']);
  const start = offsetsOf('startOffset', spec.startOffset, partitions);
  const end = offsetsOf('endOffset', spec.endOffset, partitions);
  const reversed = partitions.flatMap(({ partition }) => {
    const [from, to] = [start[partition] ?? 0, end[partition] ?? 0];
    return from > to ? [`partition ${partition} ends at ${to}, before its start at ${from}`] : [];
  });
  throwIfAny('endOffset', reversed);
  return { start, end };
}

function offsetsOf(path: string, spec: OffsetSpec, partitions: readonly PartitionOffsets[]): OffsetMap {
  if (spec === 'earliest') return mapOf(partitions, ({ first }) => first);
  if (spec === 'latest') return mapOf(partitions, ({ end }) => end);
  requireAllPartitions(path, spec, partitions);
  throwIfAny(
    path,
    partitions.flatMap((held) => problemOf(path, spec[held.partition] ?? 0, held)),
  );
  return mapOf(partitions, (held) => numberOf(spec[held.partition] ?? 0, held));
}

function requireAllPartitions(path: string, map: OffsetMap, partitions: readonly PartitionOffsets[]): void {
  const existing = new Set(partitions.map(({ partition }) => String(partition)));
  const unknown = Object.keys(map).filter((partition) => !existing.has(partition));
  const missing = [...existing].filter((partition) => !Object.hasOwn(map, partition));
  throwIfAny(path, [
    ...(missing.length > 0 ? [`must name all partitions of the topic; missing: ${listed(missing)}`] : []),
    ...(unknown.length > 0
      ? [`names partitions that the topic does not have: ${listed(unknown)}; it has ${listed([...existing])}`]
      : []),
  ]);
}

function problemOf(path: string, offset: number, { partition, first, end }: PartitionOffsets): string[] {
  if (offset === EARLIEST && path === 'endOffset') {
    return [`partition ${partition} must not end at the earliest offset (${EARLIEST})`];
  }
  if (offset === EARLIEST || offset === LATEST) return [];
  if (offset >= first && offset <= end) return [];
  return [`partition ${partition} has offsets ${first} to ${end}, not ${offset}`];
}

function numberOf(offset: number, { first, end }: PartitionOffsets): number {
  if (offset === EARLIEST) return first;
  return offset === LATEST ? end : offset;
}

function mapOf(
  partitions: readonly PartitionOffsets[],
  offset: (held: PartitionOffsets) => number,
): OffsetMap {
  return Object.fromEntries(partitions.map((held) => [String(held.partition), offset(held)]));
}

function listed(names: readonly string[]): string {
  const rest = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function throwIfAny(path: string, messages: readonly string[]): void {
  if (messages.length === 0) return;
  const details: ErrorDetail[] = messages.slice(0, MOST_DETAILS).map((message) => ({ path, message }));
  const rest = messages.length - MOST_DETAILS;
  if (rest > 0) details.push({ path, message: `${rest} more partitions are wrong` });
  throw new InvalidRequest(details);
}
