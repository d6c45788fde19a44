import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Evaluates an expression on a module of `bin/`, where they are meant to run: in a Node of its own, with nothing but Node's
 * modules. The module's exports are `m`; the value comes back as JSON.
 */
export function evaluateInBin(module: string, expression: string): unknown {
  const url = pathToFileURL(join(__dirname, '..', 'bin', module)).href;
  const script = `import * as m from ${JSON.stringify(url)};
    process.stdout.write(JSON.stringify((await (${expression})) ?? null));`;
  const answer = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  return JSON.parse(answer);
}
