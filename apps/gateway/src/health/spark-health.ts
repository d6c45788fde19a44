import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Orchestrator } from '../stream/orchestrator';

const POLL_INTERVAL_MS = 1_000;
const UNKNOWN = { spark: false, warnings: [] };

/** Whether Spark is well, asked in the background, so that no probe ever waits for Spark. */
@Injectable()
export class SparkHealth implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopped = new AbortController();
  private healthy = false;
  private told: readonly string[] = [];

  constructor(private readonly orchestrator: Orchestrator) {}

  get isHealthy(): boolean {
    return this.healthy;
  }

  /** What the orchestrator warns of: a topic that is not as declared, say. */
  get warnings(): readonly string[] {
    return this.told;
  }

  onApplicationBootstrap(): void {
    void this.poll();
  }

  onModuleDestroy(): void {
    this.stopped.abort();
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const { spark, warnings } = await this.orchestrator.health().catch(() => UNKNOWN);
      this.healthy = spark;
      this.told = warnings;
      await pause(POLL_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
