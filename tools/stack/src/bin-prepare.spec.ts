import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateInBin } from './bin-module.fixture';

describe('a stamp', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'millrace stamps '));
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'in.txt'), 'one');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs steps over one stamp of `in.txt` and `out/`; `step` writes an output and counts itself. */
  const outcome = (steps: string): unknown =>
    evaluateInBin(
      'stamps.mjs',
      `(async () => {
        const { join } = await import('node:path');
        const { rmSync, writeFileSync } = await import('node:fs');
        const folder = ${JSON.stringify(folder)};
        const stamp = new m.Stamp(join(folder, 'stamp.json'), {
          inputs: () => m.hashContents(folder, [join(folder, 'in.txt')]),
          outputs: () => m.hashListing(folder, m.filesUnder(join(folder, 'out'))),
        });
        const step = async () => writeFileSync(join(folder, 'out', 'a.txt'), 'result');
        const ran = [];
        ${steps}
        return ran;
      })()`,
    );

  it('lets a step run once for the same inputs', () => {
    const steps = 'for (let i = 0; i < 2; i += 1) ran.push(await m.whenStale(stamp, step));';
    expect(outcome(steps)).toEqual([true, false]);
  });

  it('lets it run again when an input changed', () => {
    const change = "writeFileSync(join(folder, 'in.txt'), 'two');";
    expect(
      outcome(
        `ran.push(await m.whenStale(stamp, step)); ${change} ran.push(await m.whenStale(stamp, step));`,
      ),
    ).toEqual([true, true]);
  });

  it('lets it run again when an output is gone', () => {
    const lose = "rmSync(join(folder, 'out', 'a.txt'));";
    expect(
      outcome(`ran.push(await m.whenStale(stamp, step)); ${lose} ran.push(await m.whenStale(stamp, step));`),
    ).toEqual([true, true]);
  });

  it('trusts nothing after a failure, even where an earlier run succeeded', () => {
    const fail =
      "await m.whenStale(stamp, async () => { throw new Error('x'); }).catch(() => ran.push('failed'));";
    const change = (text: string): string => `writeFileSync(join(folder, 'in.txt'), '${text}');`;
    expect(
      outcome(
        `await m.whenStale(stamp, step); ${change('two')} ${fail} ${change('one')} ran.push(await m.whenStale(stamp, step));`,
      ),
    ).toEqual(['failed', true]);
  });
});

describe('the installed packages', () => {
  const covers = (wanted: object, installed: object): unknown =>
    evaluateInBin('packages.mjs', `m.covers(${JSON.stringify(wanted)}, ${JSON.stringify(installed)})`);
  const wanted = {
    '': { name: 'root' },
    'libs/a': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/only-on-macs': { version: '1.0.0', optional: true },
  };

  it('are complete without what is meant for other platforms', () => {
    expect(covers(wanted, { 'node_modules/zod': { version: '4.6.7' } })).toBe(true);
  });

  it.each([
    ['one is missing', {}],
    ['one has another version', { 'node_modules/zod': { version: '4.0.0' } }],
  ])('are not complete where %s', (_what, installed) => {
    expect(covers(wanted, installed)).toBe(false);
  });
});

describe('a missing JDK or Maven', () => {
  const commands = (missing: object, programs: string[], osRelease = ''): unknown =>
    evaluateInBin(
      'system-packages.mjs',
      `m.installCommands(${JSON.stringify(missing)}, {
        has: (program) => ${JSON.stringify(programs)}.includes(program),
        osRelease: ${JSON.stringify(osRelease)},
        isRoot: false,
      })`,
    );

  it('is installed with apt on Debian', () => {
    expect(commands({ jdk: true, maven: true }, ['apt-get'], 'ID=debian\nVERSION_ID="12"\n')).toEqual([
      ['sudo', 'apt-get', 'update'],
      ['sudo', 'apt-get', 'install', '-y', '--no-install-recommends', 'openjdk-17-jdk-headless', 'maven'],
    ]);
  });

  it('is installed with brew on a Mac, which never asks for root', () => {
    expect(commands({ jdk: true, maven: false }, ['brew'])).toEqual([['brew', 'install', 'openjdk@17']]);
  });

  it('is left to the person where no package manager is known', () => {
    expect(commands({ jdk: true, maven: true }, [])).toBeNull();
  });

  it.each([
    ['JAVA_VERSION="17.0.15"\n', 17, true],
    ['IMPLEMENTOR="x"\nJAVA_VERSION="21"\n', 21, true],
    ['JAVA_VERSION="1.8.0_402"\n', 8, false],
    ['JAVA_VERSION="25.0.1"\n', 25, false],
  ])('counts %j as version %i', (release, version, suitable) => {
    const seen = `[m.featureVersion(${JSON.stringify(release)}), m.isSuitable(${String(version)})]`;
    expect(evaluateInBin('java.mjs', seen)).toEqual([version, suitable]);
  });
});

describe('a Node that is too old', () => {
  it.each([
    ['20.18.3', 'Node 20.18.3 is too old: Millrace needs 20.19 or newer'],
    ['18.20.0', 'Node 18.20.0 is too old: Millrace needs 20.19 or newer'],
    ['20.19.0', null],
    ['24.1.0', null],
  ])('%s', (version, message) => {
    const check = `(() => { try { m.requireNode('${version}', 'linux'); } catch (error) { return error.message; } })()`;
    expect(evaluateInBin('prerequisites.mjs', check)).toBe(message);
  });
});
