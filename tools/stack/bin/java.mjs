import { accessSync, constants, existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';

/** Spark 4.0 runs on these. Later ones lack the security manager, which its Hadoop still asks for. */
export const JDK_FROM = 17;
export const JDK_TO = 22;

/** The first program of a name on PATH. */
export function onPath(program, path = process.env.PATH ?? '') {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

/** The feature version in the text of a JDK's `release` file: 17 of `JAVA_VERSION="17.0.15"`, 8 of `"1.8.0_402"`. */
export function featureVersion(release) {
  const version = /^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1];
  if (version === undefined) return undefined;
  const [first, second] = version.split(/[._-]/).map(Number);
  return first === 1 ? second : first;
}

/** Whether Spark runs on a JDK of this version. */
export function isSuitable(version) {
  return version !== undefined && version >= JDK_FROM && version <= JDK_TO;
}

/**
 * Finds the JDK to use: JAVA_HOME, else the one on PATH, else one installed in a usual place.
 * @returns {{ home: string, version: number, text: string } | { unsuitable: string | undefined }}
 */
export function findJdk(env = process.env) {
  const seen = candidates(env).map(describe);
  const suitable = seen.find((jdk) => jdk !== undefined && jdk.hasCompiler && isSuitable(jdk.version));
  if (suitable) return suitable;
  const found = seen.find((jdk) => jdk !== undefined);
  if (!found) return { unsuitable: undefined };
  return {
    unsuitable: found.hasCompiler
      ? `Java ${found.text} at ${found.home}`
      : `a Java without compiler at ${found.home}`,
  };
}

function candidates(env) {
  const fromPath = ['javac', 'java'].map((program) => onPath(program, env.PATH)).filter(Boolean);
  const homes = [env.JAVA_HOME, ...fromPath.map(homeOf), ...installed()];
  return [...new Set(homes.filter(Boolean))];
}

function homeOf(program) {
  return dirname(dirname(realpathSync(program)));
}

function installed() {
  if (process.platform === 'darwin') return installedOnMac();
  const folder = '/usr/lib/jvm';
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => realpathSync(join(folder, name)));
}

function installedOnMac() {
  const brewed = ['/opt/homebrew/opt', '/usr/local/opt'].flatMap((folder) =>
    ['openjdk@17', 'openjdk@21'].map((name) => join(folder, name, 'libexec/openjdk.jdk/Contents/Home')),
  );
  try {
    const answer = execFileSync('/usr/libexec/java_home', ['-v', '17'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return [answer.toString().trim(), ...brewed];
  } catch {
    return brewed;
  }
}

function describe(home) {
  if (!isExecutable(join(home, 'bin', 'java'))) return undefined;
  const file = join(home, 'release');
  const release = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const text = /^JAVA_VERSION="([^"]+)"/m.exec(release)?.[1] ?? 'of unknown version';
  return {
    home,
    text,
    version: featureVersion(release),
    hasCompiler: isExecutable(join(home, 'bin', 'javac')),
  };
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
