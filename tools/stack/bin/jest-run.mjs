import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runCommand, runVisibly } from './run-command.mjs';

/** How long Jest may take to end after its report. */
const EXIT_LIMIT_MS = 15_000;
const WATCH_EVERY_MS = 500;
const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');

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
  const fixed = ['--selectProjects', project, '--passWithNoTests', '--json', `--outputFile=${report}`];
  let watch;
  try {
    const onStart = (child) => (watch = endWhenReported(child, report));
    await runVisibly(process.execPath, [JEST, ...fixed, ...args], { cwd: ROOT, env, onStart });
    return outcomeOf(report);
  } finally {
    clearInterval(watch);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The files of specs that Jest would run.
 * @returns {Promise<string[]>}
 */
export async function listSpecs(project, { args = [], env = {} } = {}) {
  const listArgs = ['--selectProjects', project, '--listTests', '--json', ...args];
  const { lines } = await runCommand(process.execPath, [JEST, ...listArgs], { cwd: ROOT, env });
  return lines.filter((line) => line.startsWith('[')).flatMap((line) => JSON.parse(line));
}

function outcomeOf(report) {
  // A Jest that died has no report; that is a failure, too.
  if (!existsSync(report)) return { ok: false, totals: { ...NOTHING, failed: 1 } };
  const { success, ...counts } = JSON.parse(readFileSync(report, 'utf8'));
  return { ok: success, totals: totalsOf(counts) };
}

/** A spec that leaves a connection open keeps Jest from ending, for ever, after all results are there. */
function endWhenReported(child, report) {
  let reportedAt;
  return setInterval(() => {
    if (!existsSync(report)) return;
    reportedAt ??= Date.now();
    if (Date.now() - reportedAt > EXIT_LIMIT_MS) child.kill('SIGKILL');
  }, WATCH_EVERY_MS);
}
