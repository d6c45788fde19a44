import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { onPath } from './java.mjs';
import { ROOT, logFile } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { Stamp, hashContents } from './stamps.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const MODULES = join(ROOT, 'node_modules');
// npm writes this file last: where it is, an installation was completed.
const INSTALLED = join(MODULES, '.package-lock.json');

/** Says whether node_modules is what the lock file asks for. */
export const packagesStamp = new Stamp(join(MODULES, '.millrace', 'packages.json'), {
  inputs: () => hashContents(ROOT, [LOCK], process.platform, process.arch),
  outputs: () => String(existsSync(INSTALLED)),
});

/** Whether npm has nothing to do. What a person installed by hand counts, when it is complete. */
export function packagesAreCurrent() {
  if (packagesStamp.isCurrent()) return true;
  if (!existsSync(INSTALLED)) return false;
  const wanted = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  if (!covers(wanted, installed)) return false;
  packagesStamp.write(packagesStamp.inputs());
  return true;
}

/** Whether every package the lock file wants is installed in that version; optional ones may be for other platforms. */
export function covers(wanted, installed) {
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || entry.peer) return true;
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return true;
    return installed[path] !== undefined && installed[path].version === entry.version;
  });
}

/** Installs the packages of the lock file. */
export async function installPackages(step) {
  const total = Object.keys(JSON.parse(readFileSync(LOCK, 'utf8')).packages).length;
  const inputs = packagesStamp.inputs();
  packagesStamp.remove();
  rmSync(INSTALLED, { force: true });
  const log = logFile('npm');
  let fetched = 0;
  const [command, ...npm] = npmCommand();
  const args = [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=http'];
  const result = await runCommand(command, args, {
    cwd: ROOT,
    log,
    onLine: (line) => {
      if (!/npm http (fetch|cache)/.test(line)) return;
      fetched += 1;
      step.note(`npm ci  ${Math.min(fetched, total)}/${total}`);
    },
  });
  if (!result.ok) throw npmFailure(result, log);
  mkdirSync(join(MODULES, '.millrace'), { recursive: true });
  packagesStamp.write(inputs);
}

function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('npm-cli.js')) return [process.execPath, script];
  const npm = onPath('npm');
  if (!npm) throw new Failure('npm is missing', { fix: 'install Node with npm' });
  return [npm];
}

function npmFailure(result, log) {
  const known = explainNpm(result.lines.join('\n'));
  const errors = result.lines.filter((line) => line.startsWith('npm error'));
  // After its errors npm explains how it is used.
  const usage = errors.findIndex((line) => line.includes('Clean install a project'));
  const tail = errors.slice(0, usage < 0 ? undefined : usage).slice(0, 20);
  return new Failure(known?.cause ?? 'npm ci failed', { fix: known?.fix, log, tail });
}

/** Cause and cure of a failed `npm ci`, from what it printed. Undefined where nothing known is in it. */
export function explainNpm(output) {
  const known = [
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network request/,
      'npm cannot reach its registry',
      'check the network and the proxy (npm config get registry), then run the command again',
    ],
    [/E40[13]|ENEEDAUTH/, 'the npm registry refused access', 'check the token in ~/.npmrc'],
    [
      /ETARGET|E404/,
      'the npm registry does not have one of the packages (named above)',
      'check npm config get registry',
    ],
    [/EINTEGRITY/, 'a downloaded package is damaged', 'run npm cache verify, then the command again'],
    [/ENOSPC/, 'the disk is full', 'free some space and run the command again'],
    [/EACCES|EPERM/, 'node_modules may not be written', 'check who owns the checkout and node_modules'],
    [/in sync/, 'package-lock.json does not fit package.json', 'run npm install and commit the lock file'],
  ];
  const found = known.find(([pattern]) => pattern.test(output));
  return found && { cause: found[1], fix: found[2] };
}
