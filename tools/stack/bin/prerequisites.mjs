import { createInterface } from 'node:readline/promises';
import { Failure } from './failure.mjs';
import { JDK_FROM, JDK_TO, findJdk, onPath } from './java.mjs';
import { ROOT } from './paths.mjs';
import { runVisibly } from './run-command.mjs';
import { installCommands } from './system-packages.mjs';

const NODE_FROM = [20, 19];

/** Refuses a platform or a Node that cannot work. */
export function requireNode(version = process.versions.node, platform = process.platform) {
  if (platform === 'win32') {
    throw new Failure('Windows itself is not supported', { fix: 'run it in WSL 2 (wsl --install)' });
  }
  const [major, minor] = version.split('.').map(Number);
  if (major > NODE_FROM[0] || (major === NODE_FROM[0] && minor >= NODE_FROM[1])) return;
  throw new Failure(`Node ${version} is too old: Millrace needs ${NODE_FROM.join('.')} or newer`, {
    fix: 'install a newer Node (https://nodejs.org, or your version manager, for instance: nvm install 22)',
  });
}

/**
 * Finds the JDK and Maven; where one is missing, installs it if the person agrees.
 * @param {{ needsMaven: boolean, yes: boolean, reporter: object }} options
 * @returns {Promise<{ javaHome: string, javaText: string, maven: string | undefined }>}
 */
export async function requireJava({ needsMaven, yes, reporter }) {
  let found = look(needsMaven);
  if (found.missing) {
    await install(found.missing, found.why, yes, reporter);
    found = look(needsMaven);
    if (found.missing)
      throw new Failure(`installed, but still not usable: ${found.why}`, { fix: 'set JAVA_HOME' });
  }
  return found;
}

function look(needsMaven) {
  const jdk = findJdk();
  const maven = onPath('mvn');
  const missing = { jdk: jdk.home === undefined, maven: needsMaven && maven === undefined };
  if (!missing.jdk && !missing.maven) return { javaHome: jdk.home, javaText: jdk.text, maven };
  return { missing, why: whyMissing(missing, jdk) };
}

function whyMissing(missing, jdk) {
  const range = `a JDK ${JDK_FROM} to ${JDK_TO}`;
  const parts = [
    ...(missing.jdk
      ? [jdk.unsuitable ? `${range} is needed, and found was ${jdk.unsuitable}` : `${range} is missing`]
      : []),
    ...(missing.maven ? ['Maven (mvn) is missing'] : []),
  ];
  return parts.join('; ');
}

async function install(missing, why, yes, reporter) {
  const commands = installCommands(missing);
  if (!commands) {
    throw new Failure(why, {
      fix: 'install a JDK 17 (https://adoptium.net) and Maven (https://maven.apache.org) and put them on PATH',
    });
  }
  const typed = commands.map((command) => command.join(' ')).join(' && ');
  if (!yes && !(await agrees(why, typed, reporter))) {
    throw new Failure(why, { fix: `type this, or run the command again with --yes:\n\n   ${typed}\n` });
  }
  reporter.say(` ${why}: installing\n   ${typed}`);
  for (const [command, ...args] of commands) {
    const result = await runVisibly(command, args, { cwd: ROOT, env: { DEBIAN_FRONTEND: 'noninteractive' } });
    // A package list that cannot be refreshed may still be good enough.
    if (!result.ok && args[0] !== 'update') {
      throw new Failure(`"${[command, ...args].join(' ')}" failed`, { fix: 'see its output above' });
    }
  }
}

async function agrees(why, typed, reporter) {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return false;
  reporter.say(` ${why}.\n It can be installed with\n\n   ${typed}\n`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(' Do that now? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}
