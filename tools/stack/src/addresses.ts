import type { PortName, StackConfig } from './config';
import type { Home } from './home/home';
import { writeAtomically } from './home/write-atomically';

/** What `endpoints.json` holds: where everything of the running stack is. */
export interface Addresses {
  /** http URLs. */
  readonly gateway: string;
  readonly results: string;
  readonly orchestrator: string;
  readonly sparkUi: string;
  /** `sc://host:port` */
  readonly sparkConnect: string;
  /** `host:port` */
  readonly kafka: string;
  /** Connection URLs. */
  readonly postgres: string;
  readonly redis: string;
}

/** The parts a stack starts itself; the others are the person's own servers. */
export function partsToStart(config: StackConfig): readonly PortName[] {
  const { external } = config;
  return [
    'gateway',
    'results',
    'orchestrator',
    ...(external.spark === undefined ? (['sparkUi', 'sparkConnect'] as const) : []),
    ...(external.kafka === undefined ? (['kafka'] as const) : []),
    ...(external.postgres === undefined ? (['postgres'] as const) : []),
    ...(external.redis === undefined ? (['redis'] as const) : []),
  ];
}

/** Where everything will be. */
export function addressesOf(
  config: StackConfig,
  ports: Readonly<Record<PortName, number>>,
  ownPostgresUrl: string,
): Addresses {
  const local = (port: number): string => `127.0.0.1:${String(port)}`;
  const { external } = config;
  return {
    gateway: `http://${local(ports.gateway)}`,
    results: `http://${local(ports.results)}`,
    orchestrator: `http://${local(ports.orchestrator)}`,
    sparkUi: external.sparkUi ?? `http://${sparkHost(external.spark)}:${String(ports.sparkUi)}`,
    sparkConnect: external.spark ?? `sc://${local(ports.sparkConnect)}`,
    kafka: external.kafka ?? local(ports.kafka),
    postgres: external.postgres ?? ownPostgresUrl,
    redis: external.redis ?? `redis://${local(ports.redis)}`,
  };
}

function sparkHost(remote: string | undefined): string {
  return remote === undefined ? '127.0.0.1' : (/^sc:\/\/([^:/]+)/.exec(remote)?.[1] ?? '127.0.0.1');
}

/** Writes `endpoints.json`. It holds passwords: only its owner reads it. */
export function writeAddresses(home: Home, addresses: Addresses): void {
  writeAtomically(home.endpointsFile, `${JSON.stringify(addresses, undefined, 2)}\n`);
}
