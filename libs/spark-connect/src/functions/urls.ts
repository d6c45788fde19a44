// Mirrors org.apache.spark.sql.functions: URL functions.
import { present } from './arguments';
import { call, toColumn, type ColumnOrName } from './call';
import type { Column } from './column';

/**
 * A part of a URL: `'HOST'`, `'PATH'`, `'QUERY'` (of it the value of `key`), `'REF'`, `'PROTOCOL'`, `'FILE'`, `'AUTHORITY'` or
 * `'USERINFO'`. An error for what is no URL under ANSI mode.
 */
export function parse_url(url: ColumnOrName, part: ColumnOrName, key?: ColumnOrName): Column {
  return call('parse_url', toColumn(url), toColumn(part), ...present(key));
}

/** As {@link parse_url}, with NULL for what is no URL. */
export function try_parse_url(url: ColumnOrName, part: ColumnOrName, key?: ColumnOrName): Column {
  return call('try_parse_url', toColumn(url), toColumn(part), ...present(key));
}

/** `%41` and `+` as characters; an error for what is not encoded so. */
export function url_decode(column: ColumnOrName): Column {
  return call('url_decode', column);
}

/** As {@link url_decode}, with NULL instead of an error. */
export function try_url_decode(column: ColumnOrName): Column {
  return call('try_url_decode', column);
}

/** A text as `application/x-www-form-urlencoded`: a blank is `+`. */
export function url_encode(column: ColumnOrName): Column {
  return call('url_encode', column);
}
