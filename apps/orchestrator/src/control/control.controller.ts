import { Drain, InternalAuthGuard } from '@millrace/platform';
import { Controller, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
// Injected by their classes, so type-only imports would lose them.
import { CheckTopics } from '../kafka/check-topics';
import { SparkConnection } from '../spark/spark-connection';
import { StreamSupervisor } from '../stream/stream-supervisor';
import { Lifecycle } from './lifecycle';
import { SparkBreaker } from './spark-breaker';
import type { BreakerState } from './spark-breaker';

@Controller('internal')
@UseGuards(InternalAuthGuard)
export class ControlController {
  constructor(
    private readonly connection: SparkConnection,
    private readonly breaker: SparkBreaker,
    private readonly supervisor: StreamSupervisor,
    private readonly topics: CheckTopics,
    private readonly lifecycle: Lifecycle,
    private readonly drain: Drain,
  ) {}

  @Get('health')
  health(): {
    spark: boolean;
    failure: string | null;
    breaker: BreakerState;
    warnings: readonly string[];
  } {
    return {
      spark: this.connection.isUp,
      failure: this.connection.failure ?? null,
      breaker: this.breaker.state,
      warnings: [...this.topics.warnings, ...this.supervisor.warnings],
    };
  }

  /** `POST /stop` of the gateway: answers when the work is drained, then the process ends. */
  @Post('drain')
  @HttpCode(200)
  async stop(): Promise<{ status: 'drained' }> {
    this.lifecycle.stopForGood();
    await this.drain.run('POST /internal/drain');
    void this.drain.leave();
    return { status: 'drained' };
  }
}
