import { DEFAULT_PORTS, PORT_VARIABLES } from '../config';
import type { PortName } from '../config';

/** How far from a busy default a free port is looked for. */
const SEARCH_WIDTH = 100;

export interface PortProbe {
  isFree(port: number): Promise<boolean>;
  anyFree(): Promise<number>;
  /** Who listens on a port, as far as can be told: `node (process 4711)`. */
  holderOf(port: number): string | undefined;
}

export interface PortPlan {
  readonly ports: Readonly<Record<PortName, number>>;
  /** A sentence for each default that was busy. */
  readonly moved: readonly string[];
}

/** A port that was asked for is busy, or none is free near a default. */
export class PortTaken extends Error {}

/**
 * Gives each part its port: the one asked for, else the default, else the next free one.
 * @param wanted what was asked for; 0 means any free port
 * @param needed the parts that get started here
 * @throws PortTaken when a port that was asked for is busy
 */
export async function planPorts(
  wanted: Readonly<Partial<Record<PortName, number>>>,
  needed: readonly PortName[],
  probe: PortProbe,
): Promise<PortPlan> {
  const ports: Record<PortName, number> = { ...DEFAULT_PORTS };
  const taken = new Set<number>(Object.values(wanted).filter((port) => port > 0));
  const moved: string[] = [];
  for (const name of needed) {
    const asked = wanted[name];
    const port =
      asked === undefined ? await nearDefault(name, taken, probe) : await exactly(name, asked, taken, probe);
    taken.add(port);
    ports[name] = port;
    if (asked === undefined && port !== DEFAULT_PORTS[name]) moved.push(movedText(name, port, probe));
  }
  return { ports, moved };
}

async function exactly(name: PortName, port: number, taken: Set<number>, probe: PortProbe): Promise<number> {
  if (port === 0) return anyOther(taken, probe);
  if (await probe.isFree(port)) return port;
  const holder = probe.holderOf(port);
  throw new PortTaken(
    `${PORT_VARIABLES[name]}=${String(port)}: that port is taken${holder === undefined ? '' : ` by ${holder}`}`,
  );
}

async function anyOther(taken: Set<number>, probe: PortProbe): Promise<number> {
  for (;;) {
    const port = await probe.anyFree();
    if (!taken.has(port)) return port;
  }
}

async function nearDefault(name: PortName, taken: Set<number>, probe: PortProbe): Promise<number> {
  const first = DEFAULT_PORTS[name];
  for (let port = first; port < first + SEARCH_WIDTH; port += 1) {
    if (!taken.has(port) && !isAnothersDefault(name, port) && (await probe.isFree(port))) return port;
  }
  throw new PortTaken(
    `no port from ${String(first)} to ${String(first + SEARCH_WIDTH - 1)} is free for ${name}`,
  );
}

/** A part that moves must not push the next one off its default. */
function isAnothersDefault(name: PortName, port: number): boolean {
  return port !== DEFAULT_PORTS[name] && Object.values<number>(DEFAULT_PORTS).includes(port);
}

function movedText(name: PortName, port: number, probe: PortProbe): string {
  const usual = DEFAULT_PORTS[name];
  const holder = probe.holderOf(usual);
  const by = holder === undefined ? '' : ` by ${holder}`;
  return `port ${String(usual)} is taken${by}: ${name} uses ${String(port)} instead`;
}
