import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PartFailure } from '../part-failure';

/**
 * The class path of a server whose jars Maven collected.
 * @throws PartFailure where they are missing
 */
export function requireJars(root: string, server: 'spark' | 'kafka'): string {
  const folder = join(root, 'infra', server, 'target', 'jars');
  if (!existsSync(folder) || !readdirSync(folder).some((name) => name.endsWith('.jar'))) {
    throw new PartFailure(server, `the jars of ${server} are missing (${folder})`, {
      fix: 'run npm run build, which collects them',
    });
  }
  return join(folder, '*');
}
