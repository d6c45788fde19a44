import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runVisibly } from './run-command.mjs';

export const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/** Counts of one Jest run, from what `--json` wrote. A file of specs that could not be run counts as one failure. */
export function totalsOf(report) {
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export function sum(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The last line of a test run. */
export function totalsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/**
 * Runs one project of the Jest configuration, its output on the terminal.
 * @param {'unit' | 'integration' | 'live'} project
 * @returns {Promise<{ ok: boolean, totals: { passed: number, failed: number, skipped: number } }>}
 */
export async function runJest(project, { args = [], env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-jest-'));
  const report = join(folder, 'report.json');
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const fixed = ['--selectProjects', project, '--passWithNoTests', '--json', `--outputFile=${report}`];
  try {
    const result = await runVisibly(process.execPath, [jest, ...fixed, ...args], { cwd: ROOT, env });
    // A Jest that died has no report; that is a failure, too.
    const totals = existsSync(report)
      ? totalsOf(JSON.parse(readFileSync(report, 'utf8')))
      : { ...NOTHING, failed: 1 };
    return { ok: result.ok, totals };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
