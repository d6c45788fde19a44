import { setTimeout as pause } from 'node:timers/promises';
import { Drain } from '@millrace/platform';
import { Inject, Injectable } from '@nestjs/common';
import { RESULTS_PORTS } from '../ports';
import type { ResultsPorts } from '../ports';

const PING_TIMEOUT_MS = 1_000;

export interface ReadinessReport {
  readonly isReady: boolean;
  readonly checks: { readonly postgres: boolean; readonly accepting: boolean };
}

/** Whether this process can answer: the registry does, and it is not shutting down. */
@Injectable()
export class Readiness {
  constructor(
    @Inject(RESULTS_PORTS) private readonly ports: ResultsPorts,
    private readonly drain: Drain,
  ) {}

  async execute(): Promise<ReadinessReport> {
    const postgres = await this.registryAnswers();
    const accepting = !this.drain.isDraining;
    return { isReady: postgres && accepting, checks: { postgres, accepting } };
  }

  private async registryAnswers(): Promise<boolean> {
    const answered = new AbortController();
    const tooLate = pause(PING_TIMEOUT_MS, false, { signal: answered.signal }).catch(() => false);
    const ping = this.ports.pingRegistry().then(
      () => true,
      () => false,
    );
    try {
      return await Promise.race([ping, tooLate]);
    } finally {
      answered.abort();
    }
  }
}
