import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluateInBin } from './bin-module.fixture';

const ROOT = join(__dirname, '..', '..', '..');

function millrace(...args: string[]) {
  const program = join(ROOT, 'tools', 'stack', 'bin', 'millrace.mjs');
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
}

describe('the commands', () => {
  it('are all in the help, under the names that package.json has for them', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const names = Object.entries(scripts).flatMap(([name, line]) => {
      const command = /millrace\.mjs (\S+)/.exec(line)?.[1];
      return command === undefined ? [] : [[name, command]];
    });
    const { stdout, status } = millrace('help');
    expect(status).toBe(0);
    expect(names.map(([name]) => name)).toEqual(names.map(([, command]) => command));
    const shown = (name: string): string =>
      ['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`;
    for (const [name = ''] of names) expect(stdout).toMatch(new RegExp(`^ {2}${shown(name)}( |$)`, 'm'));
  });

  it('are told apart from what is none', () => {
    const { stderr, status } = millrace('benches');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^unknown command benches\n\nUsage: npm start/);
  });

  it('may leave it to the program they run how to end', () => {
    const program = `process.on('SIGTERM', () => process.exit(7));
      setInterval(() => undefined, 1000);
      process.kill(process.ppid, 'SIGUSR2');`;
    const told = `(() => {
      m.passSignalsOn();
      process.once('SIGUSR2', () => process.kill(process.pid, 'SIGTERM'));
      return m.runVisibly(process.execPath, ['--eval', ${JSON.stringify(program)}], { cwd: '.' });
    })()`;
    expect(evaluateInBin('run-command.mjs', told)).toMatchObject({ code: 7 });
  });
});
