import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidSettings, bootstrapServers } from '@millrace/generator';
import type { Environment } from '@millrace/generator';
import { z } from 'zod';

const endpoints = z.object({ kafka: bootstrapServers() });

/**
 * The broker of the local stack, which may not be at its usual port; undefined while none runs.
 * @param checkout where `MILLRACE_HOME`, `.millrace` unless set, is looked for.
 * @throws InvalidSettings where the stack's own account of itself cannot be read.
 */
export function kafkaOfLocalStack(environment: Environment, checkout: string): readonly string[] | undefined {
  const home = environment['MILLRACE_HOME'];
  const file = join(
    resolve(checkout, home === undefined || home === '' ? '.millrace' : home),
    'endpoints.json',
  );
  if (!existsSync(file)) return undefined;
  try {
    return endpoints.parse(JSON.parse(readFileSync(file, 'utf8'))).kafka;
  } catch (error) {
    throw new InvalidSettings(`${file} does not name the Kafka of a running stack: set --bootstrap-servers`, {
      cause: error,
    });
  }
}
