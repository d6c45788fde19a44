import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSchemaCommand, schemaProgress } from './schema-command';

export const NOW = new Date('2026-03-01T12:00:00Z');

export const CARDS = {
  name: 'cards',
  title: 'Cards',
  records: 20,
  output: { format: 'csv' },
  fields: [
    { name: 'id', type: 'uuid' },
    { name: 'Time', type: 'datetime', start: '-30d', end: 'now' },
    { name: 'note', type: 'category', choices: { 'a,b': 1, 'say "hi"': 1 }, nullProbability: 0.5 },
  ],
};

/** A folder of definitions, with `cards` in it, and one for what is made of them, which is not there yet. */
export class CommandHome {
  private readonly home = mkdtempSync(join(tmpdir(), 'millrace-schema-'));
  readonly schemas = join(this.home, 'schemas');
  readonly output = join(this.home, 'out');

  constructor() {
    mkdirSync(this.schemas);
    this.writeSchema('cards', CARDS);
  }

  remove(): void {
    rmSync(this.home, { recursive: true });
  }

  /** @returns its path. */
  writeSchema(name: string, definition: object): string {
    const path = join(this.schemas, `${name}.json`);
    writeFileSync(path, JSON.stringify(definition));
    return path;
  }

  async run(args: readonly string[], environment: Record<string, string> = {}, signal?: AbortSignal) {
    const printed: string[] = [];
    const said: string[] = [];
    const code = await runSchemaCommand(args, {
      environment,
      schemaFolder: this.schemas,
      out: (line) => printed.push(line),
      progress: schemaProgress({ write: (text) => said.push(text) }),
      now: NOW,
      signal: signal ?? new AbortController().signal,
    });
    return { code, printed: printed.join('\n'), said: said.join('') };
  }

  /** Of `cards`, unless the arguments name another. */
  generate(...args: readonly string[]) {
    return this.run(['generate', '--schema', 'cards', '--output', this.output, ...args]);
  }

  /** What was written. */
  read(name: string): Buffer {
    return readFileSync(join(this.output, name));
  }
}
