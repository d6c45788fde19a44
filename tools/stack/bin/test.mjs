import { showFailure } from './failure.mjs';
import { runJavaTests } from './java-tests.mjs';
import { runJest, totalsLine } from './jest-run.mjs';
import { prepare } from './prepare.mjs';
import { runReattaching } from './reattaching.mjs';
import { Stages, runStaticStages, runUnitStage } from './stages.mjs';
import { TestStack } from './test-stack.mjs';

const KINDS = ['unit', 'java', 'integration', 'live'];

/**
 * Sorts the arguments of `npm test`: which kinds of specs to run, and what goes on to Jest.
 * @returns {{ kinds: string[], isWhole: boolean, jestArgs: string[] }} `isWhole`: everything, the static checks too
 */
export function parseTestArgs(args) {
  const named = KINDS.filter((kind) => args.includes(`--${kind}`));
  const jestArgs = args.filter((arg) => !KINDS.includes(arg.replace(/^--/, '')) || !arg.startsWith('--'));
  return {
    kinds: named.length > 0 ? named : KINDS,
    isWhole: named.length === 0 && jestArgs.length === 0,
    jestArgs,
  };
}

/** `npm test`: the checks, then the specs on a stack of their own. The last line always says how many passed. */
export async function test(args, { reporter, yes }) {
  const stages = new Stages(reporter);
  try {
    await runAll(parseTestArgs(args.filter((arg) => arg !== '--yes' && arg !== '-y')), stages, {
      reporter,
      yes,
    });
  } catch (error) {
    showFailure(error, reporter);
    stages.results.push({ name: 'prepare', ok: false, elapsedMs: 0 });
  }
  stages.summarise();
  reporter.close();
  process.stdout.write(`\n${totalsLine(stages.totals)}\n`);
  return stages.ok && stages.totals.failed === 0 ? 0 : 1;
}

async function runAll({ kinds, isWhole, jestArgs }, stages, { reporter, yes }) {
  const needsStack = kinds.includes('integration') || kinds.includes('live');
  // What is asked of Jest is not asked of Java.
  const needsJava = kinds.includes('java') && jestArgs.length === 0;
  await prepare({
    reporter,
    yes,
    runsServers: needsStack || needsJava,
    compiles: !isWhole,
    forTests: kinds.includes('integration'),
  });
  if (isWhole) await runStaticStages(stages);
  if (kinds.includes('unit')) await runUnitStage(stages, jestArgs);
  if (needsJava) await stages.run('java', () => runJavaTests(reporter));
  if (needsStack) await runOnStack(kinds, jestArgs, stages, reporter);
}

async function runOnStack(kinds, jestArgs, stages, reporter) {
  let stack;
  const isUp = await stages.run('stack', async () => {
    stack = await TestStack.start();
    return { ok: true };
  });
  if (!isUp) return;
  const { env } = stack;
  if (kinds.includes('integration'))
    await stages.run('integration', () => runJest('integration', { args: jestArgs, env }));
  // One after the other: they share one Spark and kill parts of the stack.
  const inBand = ['--runInBand', ...jestArgs];
  if (kinds.includes('live')) {
    await stages.run('live', () => runJest('live', { args: inBand, env }));
    await stages.run('reattaching', () => runReattaching({ args: jestArgs, env }));
  }
  const keep = !stages.ok;
  await stages.run('stop', async () => ({ ok: await stack.stop({ keep }) }));
  if (keep) reporter.say(` the logs of the stack: ${stack.home}/logs`);
}
