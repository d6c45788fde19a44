import { build } from './build.mjs';
import { generateCode } from './generated.mjs';
import { collectJars, staleJars } from './jars.mjs';
import { installPackages, packagesAreCurrent } from './packages.mjs';
import { buildPages } from './pages.mjs';
import { whilePreparing } from './prepare-lock.mjs';
import { requireJava, requireNode } from './prerequisites.mjs';

/**
 * Installs, generates and builds what is missing. Nothing of it runs when nothing changed.
 * @param {{ reporter: object, yes: boolean, runsServers: boolean, compiles?: boolean, forTests?: boolean }} options
 *   `runsServers`: whether the command needs Java even where all jars are there; `forTests`: the servers that only tests need, too
 */
export async function prepare({ reporter, yes, runsServers, compiles = true, forTests = false }) {
  requireNode();
  await whilePreparing(reporter, async () => {
    const stale = staleJars({ forTests });
    const java =
      runsServers || stale.length > 0
        ? await requireJava({ needsMaven: stale.length > 0, yes, reporter })
        : undefined;
    reporter.say(` checks       Node ${process.versions.node}${java ? `  JDK ${java.javaText}` : ''}`);
    // The servers run on the JDK that was checked, whatever PATH says.
    if (java) process.env.JAVA_HOME = java.javaHome;
    await bothOrNeither([
      packagesAreCurrent() ? undefined : () => withStep(reporter, 'packages', 'npm ci', installPackages),
      stale.length === 0 ? undefined : () => collectJars(stale, { ...java, reporter }),
    ]);
    await generateCode(reporter);
    if (compiles) await build(reporter);
    await buildPages(reporter);
  });
}

/** npm and Maven both mostly wait for the network: together they take as long as the longer one. */
async function bothOrNeither(jobs) {
  const results = await Promise.allSettled(jobs.filter(Boolean).map((job) => job()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function withStep(reporter, name, text, work) {
  const step = reporter.step(name, text);
  try {
    await work(step);
    step.done(text);
  } catch (error) {
    step.fail();
    throw error;
  }
}
