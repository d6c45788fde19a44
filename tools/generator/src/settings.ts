import { readFileSync } from 'node:fs';
import { WrongKafkaSecurity, kafkaSecurityOf } from '@millrace/domain';
import type { KafkaSecurity } from '@millrace/domain';
import { z } from 'zod';

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting that cannot be used; the message names it and says what it takes. */
export class InvalidSettings extends Error {
  override readonly name = 'InvalidSettings';
}

/** A number written with digits, for which `accept` holds. */
export const numeric = (expected: string, accept: (value: number) => boolean) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, `must be ${expected}`)
    .transform(Number)
    .refine(accept, `must be ${expected}`);

/** A whole number written with digits only, from `min` to `max`. */
export const wholeNumber = (min: number, max: number) =>
  numeric(
    `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && value >= min && value <= max,
  );

/** A share, 0 to 1. */
export const fraction = () => numeric('a number from 0 to 1', (value) => value <= 1);

/** A yes or a no. */
export const flag = () =>
  z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** `host:port`, or several with commas between them. */
export const bootstrapServers = () =>
  z
    .string()
    .regex(/^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/, 'must be host:port, or several with commas between them')
    .transform((servers) => servers.split(','));

/** How the brokers are reached: `KAFKA_SECURITY_PROTOCOL` and its like. No option: a password is seen in a list of processes. @throws InvalidSettings */
export function kafkaSecurity(environment: Environment): KafkaSecurity {
  try {
    return kafkaSecurityOf(environment, (path) => readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof WrongKafkaSecurity) throw new InvalidSettings(error.message);
    throw error;
  }
}

/** A legal name of a Kafka topic. */
export const topicName = () =>
  z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,249}$/, 'must be a topic name: up to 249 letters, digits, ".", "_" and "-"');

/**
 * Reads variables by a zod object whose keys are their names. An empty value counts as absent.
 * @param calledAs how the user has called a variable, where that is not its name.
 * @throws InvalidSettings naming each bad one, its value and what it takes.
 */
export function readSettings<S extends z.ZodType>(
  schema: S,
  environment: Environment,
  calledAs: ReadonlyMap<string, string> = new Map(),
): z.infer<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return `${calledAs.get(name) ?? name} ${issue.message} (it is ${JSON.stringify(given[name])})`;
  });
  throw new InvalidSettings(problems.join('\n'));
}
