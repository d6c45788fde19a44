import { setTimeout as pause } from 'node:timers/promises';
import { Drain } from '@millrace/platform';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_PORTS } from '../ports';
import type { GatewayPorts } from '../ports';

const PING_TIMEOUT_MS = 1_000;

export interface ReadinessReport {
  readonly isReady: boolean;
  readonly checks: { readonly postgres: boolean; readonly redis: boolean; readonly accepting: boolean };
}

/** Whether this process can do its work: its stores answer and it is not shutting down. */
@Injectable()
export class Readiness {
  constructor(
    @Inject(GATEWAY_PORTS) private readonly ports: GatewayPorts,
    private readonly drain: Drain,
  ) {}

  async execute(): Promise<ReadinessReport> {
    const [postgres, redis] = await Promise.all([
      answers(() => this.ports.pingRegistry()),
      answers(() => this.ports.queue.ping()),
    ]);
    const accepting = !this.drain.isDraining;
    return { isReady: postgres && redis && accepting, checks: { postgres, redis, accepting } };
  }
}

async function answers(ping: () => Promise<void>): Promise<boolean> {
  const abort = new AbortController();
  const tooLate = pause(PING_TIMEOUT_MS, false, { signal: abort.signal }).catch(() => false);
  try {
    return await Promise.race([ping().then(() => true), tooLate]);
  } catch {
    return false;
  } finally {
    abort.abort();
  }
}
