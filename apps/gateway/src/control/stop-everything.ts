import { Drain } from '@millrace/platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { GatewayConfig } from '../config';
import { GATEWAY_CONFIG } from '../ports';
import { Orchestrator } from '../stream/orchestrator';

/**
 * Beyond the wait for batches. The orchestrator takes at most 65 s more (the last micro-batch, the Spark session, the
 * lease), and this must outlast it: else the gateway ends first, and what comes after it is shut down too early.
 */
const DRAIN_MARGIN_MS = 75_000;

/** Ends the whole application: first the orchestrator with its streams and batches, then this process with code 0. */
@Injectable()
export class StopEverything {
  private readonly logger = new Logger(StopEverything.name);

  constructor(
    private readonly drain: Drain,
    private readonly orchestrator: Orchestrator,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Comes back at once; asking again changes nothing. */
  execute(): void {
    if (this.drain.isDraining) return;
    const timeoutMs = this.config.drainTimeoutMs + DRAIN_MARGIN_MS;
    this.drain.add({
      name: 'orchestrator',
      timeoutMs: timeoutMs + 1_000,
      run: () => this.drainOrchestrator(timeoutMs),
    });
    void this.drain.request('POST /stop');
  }

  /** An orchestrator that is away has nothing left to drain: that must not keep this process from ending well. */
  private async drainOrchestrator(timeoutMs: number): Promise<void> {
    try {
      await this.orchestrator.drain(timeoutMs);
    } catch (error) {
      this.logger.warn({ err: error }, 'The orchestrator did not drain');
    }
  }
}
