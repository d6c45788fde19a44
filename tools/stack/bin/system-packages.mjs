import { existsSync, readFileSync } from 'node:fs';
import { onPath } from './java.mjs';

/** What each package manager calls a JDK and Maven, and how it installs. */
const MANAGERS = [
  {
    program: 'apt-get',
    jdk: (system) =>
      system.id === 'debian' && system.version >= 13 ? 'openjdk-21-jdk-headless' : 'openjdk-17-jdk-headless',
    refresh: ['update'],
    install: ['install', '-y', '--no-install-recommends'],
  },
  { program: 'dnf', jdk: () => 'java-21-openjdk-devel', install: ['install', '-y'] },
  { program: 'apk', jdk: () => 'openjdk17-jdk', install: ['add'] },
  { program: 'zypper', jdk: () => 'java-21-openjdk-devel', install: ['--non-interactive', 'install'] },
  { program: 'pacman', jdk: () => 'jdk21-openjdk', install: ['-S', '--noconfirm'] },
  { program: 'brew', jdk: () => 'openjdk@17', install: ['install'], neverAsRoot: true },
];

/**
 * The commands that install what is missing on this system.
 * @param {{ jdk: boolean, maven: boolean }} missing
 * @param {{ has?: (program: string) => boolean, osRelease?: string, isRoot?: boolean }} system
 * @returns {string[][] | undefined} undefined where no known package manager is there
 */
export function installCommands(missing, system = {}) {
  const has = system.has ?? ((program) => onPath(program) !== undefined);
  const isRoot = system.isRoot ?? process.getuid?.() === 0;
  const manager = MANAGERS.find(({ program }) => has(program));
  if (!manager) return undefined;
  const packages = [
    ...(missing.jdk ? [manager.jdk(parseOsRelease(system.osRelease ?? readOsRelease()))] : []),
    ...(missing.maven ? ['maven'] : []),
  ];
  const prefix = isRoot || manager.neverAsRoot ? [] : ['sudo'];
  return [
    ...(manager.refresh ? [[...prefix, manager.program, ...manager.refresh]] : []),
    [...prefix, manager.program, ...manager.install, ...packages],
  ];
}

/** Which system this is, from the text of `/etc/os-release`. */
export function parseOsRelease(text) {
  const id = /^ID="?([^"\n]+)"?/m.exec(text)?.[1] ?? '';
  return { id, version: Number.parseInt(/^VERSION_ID="?(\d+)/m.exec(text)?.[1] ?? '0', 10) };
}

function readOsRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}
