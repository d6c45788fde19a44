import { parseArgs } from 'node:util';

/** Seeded records for each `--scale`. */
export const SCALES = { small: 100_000, medium: 1_000_000, large: 5_000_000 };

const START_FLAGS = {
  exit: { type: 'boolean', default: false },
  'no-demo': { type: 'boolean', default: false },
  'servers-only': { type: 'boolean', default: false },
  reset: { type: 'boolean', default: false },
  scale: { type: 'string', default: 'small' },
  yes: { type: 'boolean', short: 'y', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  // For the test run: durability off, and an end when standard input closes, so that a killed runner leaves nothing.
  fast: { type: 'boolean', default: false },
  'until-stdin-closes': { type: 'boolean', default: false },
};

export const START_HELP = `Usage: npm start [-- <flags>]

Installs what is missing, starts Postgres, Redis, Kafka, Spark and the three applications, seeds history,
streams events and runs a batch, then stays. Ctrl-C stops everything; data is kept.

  --exit           the same, then drains and exits
  --no-demo        the stack only: no history, no stream, no generator
  --servers-only   only the servers (Postgres, Redis, Kafka, Spark), for work on the applications
  --reset          forget all data first
  --scale <size>   seeded records: small (100,000; the default), medium (1,000,000), large (5,000,000)
  -y, --yes        install a missing JDK or Maven with the system's package manager without asking
  -h, --help       this text

Settings by environment
  MILLRACE_HOME    where state lives (default: .millrace beside package.json)
  GATEWAY_PORT RESULTS_PORT ORCHESTRATOR_PORT SPARK_UI_PORT SPARK_CONNECT_PORT KAFKA_PORT POSTGRES_PORT REDIS_PORT
                   a port that must be used (0: any free one)
  DATABASE_URL REDIS_URL KAFKA_BOOTSTRAP_SERVERS SPARK_REMOTE
                   a server of yours, used instead of starting one
  SPARK_MASTER     default local[8,maxShare]
  SPARK_HEAP       default 1200m
  EVENTS_PER_SECOND, FRAUD_RATE, SEED, ...   passed on to the generator and the seeder
`;

/**
 * Reads the flags of `npm start`.
 * @param {readonly string[]} args without the command's own name
 * @returns {{ kind: 'run', options: object } | { kind: 'help' } | { kind: 'usage', message: string }}
 */
export function parseStartFlags(args) {
  let values;
  try {
    values = parseArgs({
      args: [...args],
      options: START_FLAGS,
      strict: true,
      allowPositionals: false,
    }).values;
  } catch (error) {
    return { kind: 'usage', message: usageMessage(error) };
  }
  if (values.help) return { kind: 'help' };
  if (!Object.hasOwn(SCALES, values.scale)) {
    return {
      kind: 'usage',
      message: `--scale is one of ${Object.keys(SCALES).join(', ')}; got "${values.scale}"`,
    };
  }
  return { kind: 'run', options: toOptions(values) };
}

function toOptions(values) {
  const serversOnly = values['servers-only'];
  return {
    exit: values.exit,
    serversOnly,
    demo: !values['no-demo'] && !serversOnly,
    reset: values.reset,
    records: SCALES[values.scale],
    yes: values.yes,
    fast: values.fast,
    untilStdinCloses: values['until-stdin-closes'],
  };
}

function usageMessage(error) {
  // Node's own text explains how to pass positionals, which this command does not take.
  const named = /'([^']+)'/.exec(error.message)?.[1];
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `unknown flag ${named}`;
  if (error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `unexpected argument ${named}`;
  return error.message;
}
