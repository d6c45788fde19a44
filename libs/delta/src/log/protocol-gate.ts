import type { AddAction, MetadataAction, ProtocolAction } from './log-action';

/** Reader features that change nothing for this reader, or that it knows how to read. */
const SUPPORTED_FEATURES: ReadonlySet<string> = new Set(['timestampNtz', 'vacuumProtocolCheck']);
const FEATURES_VERSION = 3;

/**
 * What a table asks of its readers and this one cannot give, by the protocol's own names; empty when it can be read. A
 * reader that does not know a feature would give wrong rows, so everything unknown counts.
 */
export function unsupportedFeatures(
  protocol: ProtocolAction,
  metadata: MetadataAction,
  files: Iterable<AddAction>,
): string[] {
  const features = new Set(protocolFeatures(protocol));
  const mappingMode = metadata.configuration['delta.columnMapping.mode'];
  if (mappingMode !== undefined && mappingMode !== 'none') features.add('columnMapping');
  if (metadata.formatProvider !== 'parquet') features.add(`format ${metadata.formatProvider}`);
  for (const file of files) {
    if (file.hasDeletionVector) features.add('deletionVectors');
  }
  return [...features];
}

function protocolFeatures({ minReaderVersion, readerFeatures }: ProtocolAction): string[] {
  switch (minReaderVersion) {
    case 1:
      return [];
    case 2:
      return ['columnMapping'];
    case FEATURES_VERSION:
      return readerFeatures.filter((feature) => !SUPPORTED_FEATURES.has(feature));
    default:
      return [`minReaderVersion ${String(minReaderVersion)}`];
  }
}
