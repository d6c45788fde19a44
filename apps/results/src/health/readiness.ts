import { setTimeout as pause } from 'node:timers/promises';
import { Drain } from '@millrace/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';

const PING_TIMEOUT_MS = 1_000;

export interface ReadinessReport {
  readonly isReady: boolean;
  readonly checks: { readonly postgres: boolean; readonly tables: boolean; readonly accepting: boolean };
}

/** Whether this process can answer: the registry and the store of the tables do, and it is not shutting down. */
@Injectable()
export class Readiness {
  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    private readonly drain: Drain,
  ) {}

  async execute(): Promise<ReadinessReport> {
    const [postgres, tables] = await Promise.all([
      answers(this.ports.pingRegistry()),
      answers(this.ports.pingTables()),
    ]);
    const accepting = !this.drain.isDraining;
    return { isReady: postgres && tables && accepting, checks: { postgres, tables, accepting } };
  }
}

async function answers(ping: Promise<void>): Promise<boolean> {
  const answered = new AbortController();
  const tooLate = pause(PING_TIMEOUT_MS, false, { signal: answered.signal }).catch(() => false);
  const isWell = ping.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([isWell, tooLate]);
  } finally {
    answered.abort();
  }
}
