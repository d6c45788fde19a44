import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

const KEPT_LINES = 2000;
const EXIT_INTERRUPTED = 130;
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const running = new Set();

/**
 * Runs a command to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env?: object, log?: string, onLine?: (line: string) => void }} options
 *   `log`: the file that takes its output
 * @returns {Promise<{ ok: boolean, code: number | null, error?: Error, lines: string[] }>} with its last lines
 */
export async function runCommand(command, args, { cwd, env = {}, log, onLine = () => undefined }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const file = log ? createWriteStream(log) : undefined;
  const lines = [];
  const take = (line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    file?.write(`${line}\n`);
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', take);
  }
  const result = await ended(child);
  running.delete(child);
  file?.end();
  return { ...result, lines };
}

/**
 * Runs a command on the person's own terminal.
 * @param {{ cwd: string, env?: object, onStart?: (child: import('node:child_process').ChildProcess) => void }} options
 */
export async function runVisibly(command, args, { cwd, env = {}, onStart = () => undefined }) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
  running.add(child);
  onStart(child);
  const result = await ended(child);
  running.delete(child);
  return result;
}

/** Ends what runs here when this process is told to end. Returns how to stop listening for that. */
export function endCommandsOnSignal() {
  const onSignal = (signal) => {
    for (const child of running) child.kill(signal === 'SIGINT' ? 'SIGTERM' : signal);
    process.exit(EXIT_INTERRUPTED);
  };
  for (const signal of END_SIGNALS) process.once(signal, onSignal);
  return () => {
    for (const signal of END_SIGNALS) process.off(signal, onSignal);
  };
}

/** Leaves it to what runs here how to end when this process is told to. A Ctrl-C reaches it twice, as the terminal tells it, too. */
export function passSignalsOn() {
  for (const signal of END_SIGNALS) {
    process.on(signal, () => {
      for (const child of running) child.kill(signal);
    });
  }
}

function ended(child) {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, code: null, error }));
    child.once('close', (code) => resolve({ ok: code === 0, code }));
  });
}
