import { join } from 'node:path';
import { build } from './build.mjs';
import { Failure, showFailure } from './failure.mjs';
import { NOTHING, runJest, sum } from './jest-run.mjs';
import { ROOT, logFile } from './paths.mjs';
import { formatElapsed } from './progress.mjs';
import { runCommand } from './run-command.mjs';

/** Runs one stage after the other, keeps what became of each, and goes on after a failure. */
export class Stages {
  constructor(reporter) {
    this.reporter = reporter;
    this.results = [];
    this.totals = NOTHING;
  }

  get ok() {
    return this.results.every((result) => result.ok);
  }

  /** @param {() => Promise<{ ok: boolean, totals?: object, note?: string }>} work */
  async run(name, work) {
    const startedAt = Date.now();
    const result = await work().catch((error) => {
      showFailure(error, this.reporter);
      return { ok: false, note: error.message };
    });
    if (result.totals) this.totals = sum(this.totals, result.totals);
    this.results.push({ name, ...result, elapsedMs: Date.now() - startedAt });
    return result.ok;
  }

  /** A line for each stage. */
  summarise() {
    const { colours, say } = this.reporter;
    say('');
    for (const { name, ok, note, totals, elapsedMs } of this.results) {
      const state = ok ? colours.green('ok') : colours.red('FAILED');
      const counts = totals ? `${totals.passed} passed, ${totals.failed} failed` : (note ?? '');
      say(` ${name.padEnd(14)}${state}  ${formatElapsed(elapsedMs)}  ${counts}`.trimEnd());
    }
  }
}

/** Format, types, lint: what looks at the source only. */
export async function runStaticStages(stages) {
  await stages.run('format', () =>
    quietly(
      stages.reporter,
      'format',
      'prettier --check .',
      ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
      {
        fix: 'npm run format',
      },
    ),
  );
  await stages.run('types', async () => {
    await build(stages.reporter);
    return { ok: true };
  });
  await stages.run('lint', async () => {
    // Without its graph the rule about who may import whom is left out, and nothing fails.
    await quietly(
      stages.reporter,
      'projects',
      'nx show projects',
      ['nx/dist/bin/nx.js', 'show', 'projects'],
      {
        fix: 'correct what is named above',
        env: { NX_DAEMON: 'false' },
      },
    );
    return quietly(stages.reporter, 'lint', 'eslint .', ['eslint/bin/eslint.js', '.'], {
      fix: 'correct what is named above',
    });
  });
}

/** The specs that need nothing but Node. */
export function runUnitStage(stages, args = []) {
  return stages.run('unit', () => runJest('unit', { args }));
}

/** Runs a tool whose output matters only when it fails. */
async function quietly(reporter, name, text, [script, ...args], { fix, env }) {
  const step = reporter.step(name, text);
  const log = logFile(name);
  const program = join(ROOT, 'node_modules', ...script.split('/'));
  const result = await runCommand(process.execPath, [program, ...args], { cwd: ROOT, log, env });
  if (result.ok) {
    step.done();
    return { ok: true };
  }
  step.fail();
  throw new Failure(`${text} found something`, { fix, log, tail: result.lines.slice(-60) });
}
