import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Makes plain Node load our TypeScript as Jest does, from the source: a compiled copy might be an old one. */
const LOAD_TYPESCRIPT = `
const { transformSync } = require('@swc/core');
const jsc = { target: 'es2022', parser: { syntax: 'typescript' }, keepClassNames: true };
require('node:module')._extensions['.ts'] = (module, filename) => {
  const source = require('node:fs').readFileSync(filename, 'utf8');
  const options = { filename, swcrc: false, jsc, module: { type: 'commonjs' }, sourceMaps: 'inline' };
  module._compile(transformSync(source, options).code, filename);
};
require(process.argv[1]);
`;

/** How a child ended. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to stderr. */
  readonly errors: string;
}

/** A Node process that runs a script of this library: another client, which a test may kill. It says facts as lines of JSON. */
export class ChildScript {
  private readonly said: unknown[] = [];
  private waiters: (() => void)[] = [];
  private errors = '';
  private end: ChildExit | undefined;

  private constructor(private readonly child: ChildProcess) {
    if (child.stdout === null || child.stderr === null) throw new Error('the child has no output');
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.said.push(JSON.parse(line));
      this.wake();
    });
    child.once('close', (code, signal) => {
      this.end = { code, signal, errors: this.errors };
      this.wake();
    });
  }

  /**
   * @param script path of a `.ts` file whose top level is the program; it gets `input` as JSON in `process.argv[2]`
   * @param nodeOptions flags of Node, such as `--expose-gc`
   */
  static start(script: string, input: unknown, nodeOptions: readonly string[] = []): ChildScript {
    const args = [...nodeOptions, '-e', LOAD_TYPESCRIPT, script, JSON.stringify(input)];
    // `require` of an evaluated script looks for packages from the working directory.
    return new ChildScript(
      spawn(process.execPath, args, { cwd: __dirname, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** The next fact it says. An exit before it is an error. */
  async next<T>(): Promise<T> {
    while (this.said.length === 0) {
      if (this.end !== undefined) throw new Error(`the child ended: ${JSON.stringify(this.end)}`);
      await this.woken();
    }
    return this.said.shift() as T;
  }

  /** SIGKILL; resolves when the process has gone. */
  async kill(): Promise<void> {
    if (this.end !== undefined) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }

  /** How it ends by itself; undefined where it has not after `limitMs`. */
  async exit(limitMs: number): Promise<ChildExit | undefined> {
    const until = Date.now() + limitMs;
    const late = setTimeout(() => {
      this.wake();
    }, limitMs);
    while (this.end === undefined && Date.now() < until) await this.woken();
    clearTimeout(late);
    return this.end;
  }

  private woken(): Promise<void> {
    return new Promise((wake) => this.waiters.push(wake));
  }

  private wake(): void {
    const { waiters } = this;
    this.waiters = [];
    for (const wake of waiters) wake();
  }
}
