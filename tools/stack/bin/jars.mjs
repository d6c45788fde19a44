import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { onPath } from './java.mjs';
import { downloadCounter, explainMaven } from './maven-output.mjs';
import { ROOT, logFile } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { Stamp, filesUnder, hashContents, hashListing } from './stamps.mjs';

/** The poms and what each leaves. The object store is for tests alone, so that `npm start` does not wait for it. */
function projects({ forTests }) {
  const redisIsThere = process.env.REDIS_URL || onPath('redis-server') || onPath('valkey-server');
  return [
    { name: 'spark', outputs: ['jars', 'proto', 'golden'] },
    { name: 'kafka', outputs: ['jars'] },
    ...(redisIsThere ? [] : [{ name: 'redis', outputs: ['bin'] }]),
    ...(forTests ? [{ name: 's3', outputs: ['jars'] }] : []),
  ];
}

function stampOf({ name, outputs }) {
  const folder = join(ROOT, 'infra', name);
  const target = join(folder, 'target');
  return new Stamp(join(target, '.millrace.json'), {
    inputs: () => hashContents(ROOT, [join(folder, 'pom.xml'), ...filesUnder(join(folder, 'src', 'main'))]),
    outputs: () => {
      const files = outputs.map((output) => filesUnder(join(target, output)));
      return files.some((list) => list.length === 0) ? 'incomplete' : hashListing(ROOT, files.flat());
    },
  });
}

/**
 * The poms whose result is missing or out of date.
 * @param {{ forTests: boolean }} options whether the servers that only tests need are wanted too
 */
export function staleJars(options) {
  return projects(options).filter((project) => !isCurrent(project));
}

function isCurrent(project) {
  const stamp = stampOf(project);
  return stamp.isCurrent() && stamp.outputs() !== 'incomplete';
}

/**
 * Collects jars with Maven, one pom after the other: two at once would write the same local repository.
 * @param {{ name: string }[]} stale
 * @param {{ maven: string, javaHome: string, reporter: object }} tools
 */
export async function collectJars(stale, tools) {
  for (const project of stale) {
    const step = tools.reporter.step('jars', `infra/${project.name}  mvn package`);
    const stamp = stampOf(project);
    const inputs = stamp.inputs();
    stamp.remove();
    const summary = await runMaven(project.name, step, tools).catch((error) => {
      step.fail();
      throw error;
    });
    if (stamp.outputs() === 'incomplete') {
      step.fail();
      throw new Failure(`Maven left nothing in infra/${project.name}/target`, {
        log: logFile(`maven-${project.name}`),
      });
    }
    stamp.write(inputs);
    step.done(`infra/${project.name}  ${summary ?? 'nothing to download'}`);
  }
}

async function runMaven(name, step, { maven, javaHome }) {
  const log = logFile(`maven-${name}`);
  const count = downloadCounter();
  let summary;
  // -U asks again for what an earlier run was refused; Maven would otherwise remember the refusal for a day.
  const result = await runCommand(maven, ['-B', '-U', '-DskipTests', 'package'], {
    cwd: join(ROOT, 'infra', name),
    env: existsSync(javaHome) ? { JAVA_HOME: javaHome } : {},
    log,
    onLine: (line) => {
      const counted = count(line);
      if (!counted) return;
      summary = counted;
      step.note(`infra/${name}  mvn package  ${counted}`);
    },
  });
  if (result.ok) return summary;
  if (result.error) throw new Failure(`Maven could not be run: ${result.error.message}`, { log });
  const { cause, fix } = explainMaven(result.lines.join('\n'));
  const tail = result.lines.filter((line) => !/Download(ed|ing) from/.test(line)).slice(-20);
  throw new Failure(cause, { fix, log, tail });
}
