// Mirrors org.apache.spark.sql.protobuf.functions.
import type { Options } from '../dataframe/option-value';
import { call, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';
import { optionsArgument } from './options';

// The server needs the jar `spark-protobuf`.

/**
 * Protobuf bytes as a struct.
 * @param messageName - the message's name in `descriptorSet`; without that, a Java class of the server (shaded as the jar is).
 * @param descriptorSet - a serialised `FileDescriptorSet`, as `protoc --descriptor_set_out` writes it.
 */
export function from_protobuf(
  column: ColumnOrName,
  messageName: string,
  descriptorSet?: Uint8Array,
  options: Options = {},
): Column {
  return call('from_protobuf', column, ...messageArguments(messageName, descriptorSet, options));
}

/** A struct as Protobuf bytes; the arguments are those of {@link from_protobuf}. */
export function to_protobuf(
  column: ColumnOrName,
  messageName: string,
  descriptorSet?: Uint8Array,
  options: Options = {},
): Column {
  return call('to_protobuf', column, ...messageArguments(messageName, descriptorSet, options));
}

function messageArguments(
  messageName: string,
  descriptorSet: Uint8Array | undefined,
  options: Options,
): Column[] {
  const descriptor = descriptorSet === undefined ? [] : [lit(descriptorSet)];
  return [lit(messageName), ...descriptor, ...optionsArgument(options)];
}
