// Mirrors org.apache.spark.sql.functions: hash functions, and those that encrypt.
import { call, callWith, toColumn, type ColumnOrName } from './call';
import type { Column } from './column';
import { lit } from './core';

const SHA2_BITS: readonly number[] = [0, 224, 256, 384, 512];

/** The CRC-32 of bytes (or a text's), as BIGINT. */
export function crc32(column: ColumnOrName): Column {
  return call('crc32', column);
}

/** A 32-bit Murmur3 hash of the columns: not for security. */
export function hash(...columns: readonly ColumnOrName[]): Column {
  return call('hash', ...columns);
}

/** A 64-bit xxHash of the columns: not for security. */
export function xxhash64(...columns: readonly ColumnOrName[]): Column {
  return call('xxhash64', ...columns);
}

/** The MD5 of bytes (or a text's), as 32 hexadecimal digits. */
export function md5(column: ColumnOrName): Column {
  return call('md5', column);
}

/** The SHA-1 of bytes (or a text's), as 40 hexadecimal digits. */
export function sha(column: ColumnOrName): Column {
  return call('sha', column);
}

/** As {@link sha}. */
export function sha1(column: ColumnOrName): Column {
  return call('sha1', column);
}

/**
 * The SHA-2 of bytes (or a text's), as hexadecimal digits.
 * @param bits - 224, 256, 384 or 512; 0 means 256.
 */
export function sha2(column: ColumnOrName, bits: number): Column {
  if (!SHA2_BITS.includes(bits)) throw new RangeError(`there is no SHA-2 of ${String(bits)} bits`);
  return callWith('sha2', [column], [bits]);
}

/**
 * Bytes encrypted by AES; the key has 16, 24 or 32 bytes.
 * @param mode - `'GCM'` (default), `'CBC'` or `'ECB'`.
 * @param padding - `'DEFAULT'`, `'PKCS'` (ECB, CBC) or `'NONE'` (GCM).
 * @param iv - 12 bytes for GCM, 16 for CBC; drawn by the server if empty or left out.
 * @param aad - data that is authenticated but not encrypted, for GCM.
 */
export function aes_encrypt(
  column: ColumnOrName,
  key: ColumnOrName,
  mode?: ColumnOrName,
  padding?: ColumnOrName,
  iv?: ColumnOrName,
  aad?: ColumnOrName,
): Column {
  return aes('aes_encrypt', [column, key], [mode, padding, iv, aad]);
}

/** Reads what {@link aes_encrypt} wrote, the iv included; an error where key, mode or aad are not those. */
export function aes_decrypt(
  column: ColumnOrName,
  key: ColumnOrName,
  mode?: ColumnOrName,
  padding?: ColumnOrName,
  aad?: ColumnOrName,
): Column {
  return aes('aes_decrypt', [column, key], [mode, padding, aad]);
}

/** As {@link aes_decrypt}, with NULL instead of an error. */
export function try_aes_decrypt(
  column: ColumnOrName,
  key: ColumnOrName,
  mode?: ColumnOrName,
  padding?: ColumnOrName,
  aad?: ColumnOrName,
): Column {
  return aes('try_aes_decrypt', [column, key], [mode, padding, aad]);
}

const AES_DEFAULTS = ['GCM', 'DEFAULT'];

/** An argument left out before one that is given stands for the server's default. */
function aes(
  functionName: string,
  required: readonly ColumnOrName[],
  optional: readonly (ColumnOrName | undefined)[],
): Column {
  const given = optional.slice(0, optional.findLastIndex((argument) => argument !== undefined) + 1);
  const filled = given.map((argument, at) => toColumn(argument ?? lit(AES_DEFAULTS[at] ?? '')));
  return call(functionName, ...required, ...filled);
}
