/** An untyped JSON object of the log. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface ProtocolAction {
  readonly minReaderVersion: number;
  readonly readerFeatures: readonly string[];
}

export interface MetadataAction {
  readonly id: string;
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly formatProvider: string;
}

export interface AddAction {
  /** Still encoded, as the log spells it. */
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  /** Bytes. */
  readonly size: number;
  /** JSON text. */
  readonly stats: string | undefined;
  readonly hasDeletionVector: boolean;
}

/** The actions that decide what a snapshot holds; every other action is of no matter to a reader. */
export type LogAction =
  | { readonly protocol: ProtocolAction }
  | { readonly metaData: MetadataAction }
  | { readonly add: AddAction }
  | { readonly remove: { readonly path: string } };

/** @throws TypeError when a known action does not have the fields it must have. */
export function parseLogAction(action: JsonObject): LogAction | undefined {
  if (isObject(action['add'])) return { add: parseAdd(action['add']) };
  if (isObject(action['remove'])) return { remove: { path: textOf(action['remove'], 'path') } };
  if (isObject(action['metaData'])) return { metaData: parseMetadata(action['metaData']) };
  if (isObject(action['protocol'])) return { protocol: parseProtocol(action['protocol']) };
  return undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseAdd(add: JsonObject): AddAction {
  const stats = add['stats'];
  return {
    path: textOf(add, 'path'),
    partitionValues: parsePartitionValues(add['partitionValues']),
    size: typeof add['size'] === 'number' ? add['size'] : 0,
    stats: typeof stats === 'string' ? stats : undefined,
    hasDeletionVector: isObject(add['deletionVector']),
  };
}

/** The protocol spells null both as null and as the empty string. */
function parsePartitionValues(values: unknown): Readonly<Record<string, string | null>> {
  if (!isObject(values)) throw new TypeError('partitionValues is not an object');
  return Object.fromEntries(
    Object.entries(values).map(([column, value]) => [
      column,
      typeof value === 'string' && value !== '' ? value : null,
    ]),
  );
}

function parseMetadata(metadata: JsonObject): MetadataAction {
  const format = metadata['format'];
  const configuration = metadata['configuration'];
  return {
    id: textOf(metadata, 'id'),
    schemaString: textOf(metadata, 'schemaString'),
    partitionColumns: textsOf(metadata, 'partitionColumns'),
    configuration: isObject(configuration)
      ? Object.fromEntries(Object.entries(configuration).map(([key, value]) => [key, String(value)]))
      : {},
    formatProvider: isObject(format) ? textOf(format, 'provider') : 'parquet',
  };
}

function parseProtocol(protocol: JsonObject): ProtocolAction {
  const minReaderVersion = protocol['minReaderVersion'];
  if (typeof minReaderVersion !== 'number') throw new TypeError('minReaderVersion is not a number');
  return {
    minReaderVersion,
    readerFeatures: Array.isArray(protocol['readerFeatures']) ? textsOf(protocol, 'readerFeatures') : [],
  };
}

function textOf(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new TypeError(`${name} is not a text`);
  return value;
}

function textsOf(object: JsonObject, name: string): string[] {
  const value = object[name];
  if (!Array.isArray(value)) throw new TypeError(`${name} is not a list`);
  return value.map((item: unknown) => {
    if (typeof item !== 'string') throw new TypeError(`${name} has an item that is not a text`);
    return item;
  });
}
