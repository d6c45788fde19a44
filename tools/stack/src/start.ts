import type { StartOptions } from '../bin/flags.mjs' with { 'resolution-mode': 'import' };
import { addressesOf, partsToStart } from './addresses';
import type { Addresses } from './addresses';
import type { StackConfig } from './config';
import { demo } from './demo/demo';
import { stopDemoStream } from './demo/stop-demo-stream';
import { Ending } from './ending';
import { forgetData, openHome } from './home/home';
import type { Home } from './home/home';
import { lockHome } from './home/supervisor-lock';
import { forgetCluster, planCluster, postgresUrl } from './parts/postgres/postgres';
import { planPorts } from './ports/plan';
import { holderOf } from './ports/port-holder';
import { anyFreePort, isFree } from './ports/probe';
import { endLeftovers } from './process/leftovers';
import type { Reporter } from './reporter';
import { Stack } from './stack';
import type { StackPlan } from './stack';

/**
 * Starts the stack and stays until it is told to end.
 * @returns the exit code
 * @throws PartFailure, AlreadyRunning, PortTaken after everything that had started was stopped
 */
export async function start(options: StartOptions, config: StackConfig, reporter: Reporter): Promise<number> {
  const home = openHome(config.home);
  const unlock = lockHome(home);
  const ending = new Ending(reporter, home, {
    untilStdinCloses: options.untilStdinCloses,
    endsWithParent: config.inherited['npm_lifecycle_event'] !== undefined,
  });
  try {
    await tidyUp(options, home, reporter);
    const stackPlan = await plan(options, config, home, reporter);
    const stack = new Stack(stackPlan, reporter, ending.partEvents);
    try {
      await ending.orDone(bringUp(stack, stackPlan, options, reporter, ending.signal));
      if (!options.exit) await ending.requested;
      if (options.demo) await stopDemoStream(stackPlan, reporter);
    } finally {
      ending.begin();
      await stack.stop();
    }
    return ending.exitCode();
  } finally {
    ending.close();
    unlock();
  }
}

async function bringUp(
  stack: Stack,
  { config, home, addresses }: StackPlan,
  options: StartOptions,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  await (options.serversOnly ? stack.startServers() : stack.startAll());
  stack.publish();
  if (options.demo)
    await demo({ stack, config, home, addresses, records: options.records, reporter, signal });
  if (!options.serversOnly) reporter.say(addressText(addresses));
  reporter.say(
    reporter.colours.bold(options.exit ? ' ready' : ' ready: Ctrl-C stops everything; data is kept'),
  );
}

function addressText(addresses: Addresses): string {
  return [
    ` API          ${addresses.gateway}`,
    ` Its pages    ${addresses.gateway}/docs`,
    ` Queue        ${addresses.gateway}/ops/queues`,
    ` Spark UI     ${addresses.sparkUi}`,
  ].join('\n');
}

async function tidyUp(options: StartOptions, home: Home, reporter: Reporter): Promise<void> {
  const ended = await endLeftovers(home.run);
  if (ended.length > 0) reporter.say(` ended what an earlier run left behind: ${ended.join(', ')}`);
  if (options.reset) {
    forgetCluster(home);
    forgetData(home);
    reporter.say(' data forgotten (--reset)');
  }
}

async function plan(
  options: StartOptions,
  config: StackConfig,
  home: Home,
  reporter: Reporter,
): Promise<StackPlan> {
  const { ports, moved } = await planPorts(config.ports, partsToStart(config), {
    isFree,
    anyFree: anyFreePort,
    holderOf,
  });
  for (const sentence of moved) reporter.say(` ${reporter.colours.yellow(sentence)}`);
  const cluster = config.external.postgres === undefined ? planCluster(home) : undefined;
  const ownPostgres = cluster ? postgresUrl(cluster, ports.postgres) : '';
  return {
    config,
    home,
    ports,
    cluster,
    fast: options.fast,
    addresses: addressesOf(config, ports, ownPostgres),
  };
}
