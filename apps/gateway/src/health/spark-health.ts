import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { Orchestrator } from '../stream/orchestrator';

const POLL_INTERVAL_MS = 1_000;

/** Whether Spark is well, asked in the background, so that no probe ever waits for Spark. */
@Injectable()
export class SparkHealth implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopped = new AbortController();
  private healthy = false;

  constructor(private readonly orchestrator: Orchestrator) {}

  get isHealthy(): boolean {
    return this.healthy;
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
      this.healthy = await this.orchestrator.isSparkHealthy().catch(() => false);
      await pause(POLL_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
