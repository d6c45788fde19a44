import { ProtocolError } from '../errors/spark-connect-error';

/** Anything JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** An object of JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

const LONG_DIGITS = /\d{16}/;
const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;

/**
 * Parses JSON; an integer that a JavaScript number cannot hold exactly becomes a text of its digits (still a JSON value, and still equal
 * to what the server said).
 * @throws ProtocolError when the text is not JSON; `what` names it.
 */
export function parseExactJson(text: string, what: string): JsonValue {
  try {
    return JSON.parse(
      LONG_DIGITS.test(text) ? text.replace(TEXT_OR_NUMBER, quotedIfUnsafe) : text,
    ) as JsonValue;
  } catch (cause) {
    throw new ProtocolError(`${what} is not JSON: ${text.slice(0, 200)}`, { cause });
  }
}

function quotedIfUnsafe(token: string): string {
  return INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}

export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A figure to show: rounded where it is beyond 2^53; undefined for the `"NaN"` and `"Infinity"` of an instant trigger. */
export function numberOf(value: JsonValue | undefined): number | undefined {
  const figure = typeof value === 'string' && INTEGER.test(value) ? Number(value) : value;
  return typeof figure === 'number' && Number.isFinite(figure) ? figure : undefined;
}

export function numbersOf(value: JsonValue | undefined): Record<string, number> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).map(([key, entry]) => [key, numberOf(entry) ?? 0]),
  );
}

export function textsOf(value: JsonValue | undefined): Record<string, string> {
  const entries = Object.entries(objectOf(value)).filter(([, entry]) => entry !== null);
  return Object.fromEntries(
    entries.map(([key, entry]) => [key, typeof entry === 'string' ? entry : JSON.stringify(entry)]),
  );
}
