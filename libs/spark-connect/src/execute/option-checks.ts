import { isUuid } from '../channel/uuid';
import type { ActionOptions, CallOptions } from './action-options';

/**
 * Says at once, and in clear words, what the server would refuse after a round trip (or worse: with every later request).
 * @throws TypeError naming the option.
 */
export function refuseWrongOptions(options: ActionOptions): void {
  if (options.operationId !== undefined) operationIdOf(options.operationId);
  refuseWrongTags(options.tags ?? []);
  refuseWrongDeadline(options);
}

/**
 * An operation id as it must travel: Spark keeps the ids of plans in lower case, and looks up those of all other calls letter by letter.
 * @throws TypeError when it is no UUID.
 */
export function operationIdOf(text: string): string {
  if (!isUuid(text)) throw new TypeError(`an operation id must be a UUID: '${text}'`);
  return text.toLowerCase();
}

/** @throws TypeError when one is empty or has a comma. */
export function refuseWrongTags(tags: readonly string[]): void {
  const wrong = tags.find((tag) => tag === '' || tag.includes(','));
  if (wrong !== undefined) throw new TypeError(`a tag must not be empty nor have a comma: '${wrong}'`);
}

/** In plain JavaScript options may stand where a path or a table belongs, and would be lost. @throws TypeError naming the argument. */
export function refuseUnlessText(name: string, value: unknown): void {
  if (typeof value !== 'string')
    throw new TypeError(`${name} must be a string, not ${typeof value}; options are the last argument`);
}

/** @throws TypeError listing the choices when it is none of them. */
export function refuseUnlessOneOf(name: string, choices: readonly string[], value: unknown): void {
  if (choices.some((choice) => choice === value)) return;
  throw new TypeError(`${name} must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
}

/** @throws TypeError when it is not a number of milliseconds. */
export function refuseWrongDeadline({ deadlineMs }: CallOptions): void {
  if (deadlineMs === undefined || deadlineMs >= 0) return;
  throw new TypeError(`deadlineMs must be a number of milliseconds, not ${String(deadlineMs)}`);
}
