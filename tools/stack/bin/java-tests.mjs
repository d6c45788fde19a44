import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { onPath } from './java.mjs';
import { explainMaven, surefireTotals } from './maven-output.mjs';
import { ROOT, logFile } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const NAME = 'java';
const TAIL_LINES = 60;

/**
 * The tests of our own classes in Spark, on the JDK that was checked.
 * @returns {Promise<{ ok: boolean, totals: { passed: number, failed: number, skipped: number } }>}
 */
export async function runJavaTests(reporter) {
  const maven = onPath('mvn');
  if (maven === undefined) throw new Failure('Maven (mvn) is missing', { fix: 'put it on PATH' });
  const step = reporter.step(NAME, 'infra/spark  mvn test');
  const log = logFile(NAME);
  const result = await runCommand(maven, ['-B', 'test'], { cwd: join(ROOT, 'infra', 'spark'), log });
  const output = result.lines.join('\n');
  const totals = surefireTotals(output);
  if (result.ok && totals) {
    step.done();
    return { ok: true, totals };
  }
  step.fail();
  const tail = result.lines.slice(-TAIL_LINES);
  if (totals)
    throw new Failure(`${totals.failed} Java tests failed`, {
      fix: 'correct what is named above',
      log,
      tail,
    });
  throw new Failure(explainMaven(output).cause, { fix: explainMaven(output).fix, log, tail });
}
