#!/usr/bin/env node
// Runs before anything is installed: only Node's own modules, here and in all files beside it.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { showFailure } from './failure.mjs';
import { START_HELP, parseStartFlags } from './flags.mjs';
import { ROOT } from './paths.mjs';
import { prepare } from './prepare.mjs';
import { createReporter } from './progress.mjs';
import { endCommandsOnSignal, passSignalsOn, runVisibly } from './run-command.mjs';

const EXIT_USAGE = 2;

const HELP = `Usage: npm start | npm test | npm run build | npm run check | npm run bench | npm run registry | npm run retail | npm run rejects | npm run schema | npm run connect:golden

  npm start       installs what is missing, starts the stack and shows what it does (npm start -- --help)
  npm test        installs what is missing and passes every test
                  (-- --unit, --java, --integration, --live: only these; other arguments go to Jest)
  npm run build   installs what is missing, generates code and compiles
  npm run check   format, types, lint and unit specs
  npm run bench   lists what can be measured; -- <name> measures it and prints figures beside their goals
  npm run registry
                  -- audit lists where the registry and the files of batches disagree, -- rebuild makes lost rows anew
  npm run retail  -- generate writes a CSV file of sales for each day, -- produce sends the rows of such files to Kafka
  npm run rejects -- replay sends rejected events again, once what was wrong with them is mended
  npm run schema  -- generate makes the records of a data set from its definition, -- validate checks one, -- list lists them
  npm run connect:golden
                  compares the plans of the Spark Connect client with Spark's own
`;

const COMMANDS = {
  start,
  test: lazily('./test.mjs', 'test'),
  build,
  check: lazily('./check.mjs', 'check'),
  bench: built('tools/bench/dist/main.js', { runsServers: true }),
  registry: built('apps/results/dist/registry-command/main.js', { runsServers: false }),
  retail: built('tools/retail/dist/main.js', { runsServers: false, endsItself: true }),
  rejects: built('apps/results/dist/rejects-command/main.js', { runsServers: false }),
  schema: built('tools/schema-data/dist/main.js', { runsServers: false, endsItself: true }),
  'connect:golden': built('libs/spark-connect/dist/golden/main.js', { runsServers: false }),
};

async function start(args, { reporter, yes }) {
  // Wrong flags are told before minutes of installing.
  const parsed = parseStartFlags(args);
  if (parsed.kind === 'help') {
    process.stdout.write(START_HELP);
    return 0;
  }
  if (parsed.kind === 'usage') {
    process.stderr.write(`${parsed.message}\n\n${START_HELP}`);
    return EXIT_USAGE;
  }
  const stopListening = endCommandsOnSignal();
  await prepare({ reporter, yes: yes || parsed.options.yes, runsServers: true });
  stopListening();
  const { main } = createRequire(import.meta.url)('../dist/main.js');
  return main(args, reporter);
}

async function build(args, { reporter, yes }) {
  endCommandsOnSignal();
  await prepare({ reporter, yes, runsServers: false });
  reporter.say(' built');
  return 0;
}

/**
 * A program of the checkout, run once all is built; it gets the arguments that are not ours.
 * @param {{ runsServers: boolean, endsItself?: boolean }} options
 *   `endsItself`: when it is told to stop it still has something to do and to say, and is waited for
 */
function built(program, { runsServers, endsItself = false }) {
  return async (args, { reporter, yes }) => {
    const stopListening = endCommandsOnSignal();
    await prepare({ reporter, yes, runsServers });
    reporter.close();
    if (endsItself) {
      stopListening();
      passSignalsOn();
    }
    const own = args.filter((arg) => arg !== '--yes' && arg !== '-y');
    const { code } = await runVisibly(process.execPath, [join(ROOT, program), ...own], { cwd: ROOT });
    return code ?? 1;
  };
}

function lazily(module, name) {
  return async (args, context) => {
    endCommandsOnSignal();
    return (await import(module))[name](args, context);
  };
}

async function run([command, ...args]) {
  const known = Object.hasOwn(COMMANDS, command ?? '');
  if (!known) {
    const asked = command === undefined || ['help', '--help', '-h'].includes(command);
    (asked ? process.stdout : process.stderr).write(asked ? HELP : `unknown command ${command}\n\n${HELP}`);
    return asked ? 0 : EXIT_USAGE;
  }
  // What these print may be read by a program.
  const isRead = ['registry', 'retail', 'rejects', 'schema'].includes(command);
  const reporter = createReporter(isRead ? { out: process.stderr } : {});
  const yes = args.includes('--yes') || args.includes('-y') || process.env.CI === 'true';
  try {
    return await COMMANDS[command](args, { reporter, yes });
  } catch (error) {
    showFailure(error, reporter);
    return error.code === undefined || typeof error.code !== 'number' ? 1 : error.code;
  } finally {
    reporter.close();
  }
}

process.exitCode = await run(process.argv.slice(2));
// Sockets of clients may linger; nothing that matters is still to be done.
process.exit();
