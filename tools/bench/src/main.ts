import { parseArgs } from 'node:util';
import { machineFacts } from './machine';
import { Output } from './output';
import { SUITES } from './suites';

const EXIT_USAGE = 2;

const names = Object.keys(SUITES);
const HELP = `Usage: npm run bench -- <suite> [--quick]

Suites
${names.map((name) => `  ${name.padEnd(14)}${SUITES[name]?.summary ?? ''}`).join('\n')}

  --quick       few calls and rows: to see that it works, not to compare figures
  -h, --help    this text

A suite starts the servers it needs, or uses those that are named: SPARK_REMOTE for connect, MILLRACE_ENDPOINTS for the others.
Figures are printed beside their goals; a goal that is missed is no failure.
`;

/** What the arguments ask for. */
function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
    return { ...values, positionals };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function usage(problem: string): number {
  process.stderr.write(`${problem}\n\n${HELP}`);
  return EXIT_USAGE;
}

async function main(args: readonly string[]): Promise<number> {
  const parsed = parse(args);
  if (typeof parsed === 'string') return usage(parsed);
  const [name, ...more] = parsed.positionals;
  if (parsed.help === true || name === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (suite === undefined) return usage(`there is no suite "${name}"`);
  if (more.length > 0) return usage('one suite at a time');
  const output = new Output(process.stdout, process.stderr);
  output.section(`${name}: ${suite.summary}`);
  for (const [fact, value] of machineFacts()) output.fact(fact, value);
  await suite.run({ output, isQuick: parsed.quick });
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `\nbench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
