import { KeepingTerminal } from '../terminal.fixture';
import { Log } from './log';
import type { LogLevel } from './log';

it.each<[LogLevel, string[]]>([
  ['silent', []],
  ['error', []],
  ['warn', ['warned']],
  ['info', ['warned', 'informed']],
  ['debug', ['warned', 'informed', 'debugged']],
  ['trace', ['warned', 'informed', 'debugged']],
])('a log of level %s says %j', (level, lines) => {
  const terminal = new KeepingTerminal();
  const log = new Log(terminal.progress, level);
  log.warn('warned');
  log.info('informed');
  log.debug('debugged');
  expect(terminal.stderr).toBe(lines.map((line) => `retail: ${line}\n`).join(''));
});
