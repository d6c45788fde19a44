import { UPKEEP_QUEUE } from '@millrace/domain';
import type { TablePaths } from '@millrace/domain';
import type { Registry } from '@millrace/registry';
import { BullModule, getQueueToken } from '@nestjs/bullmq';
import type { DynamicModule, Provider } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { OrchestratorConfig } from '../config';
import { SparkBreaker } from '../control/spark-breaker';
import { REGISTRY } from '../registry-token';
import { SparkConnection } from '../spark/spark-connection';
import { DeltaUpkeep } from './delta-upkeep';
import { KeepUp } from './keep-up';
import { RunUpkeep } from './run-upkeep';
import { RequestUpkeep, upkeepSchedules } from './upkeep-queue';
import type { UpkeepJob } from './upkeep-queue';
import { UpkeepProcessor } from './upkeep.processor';
import { UpkeepSchedules } from './upkeep-schedules';

export function upkeepQueue(): DynamicModule {
  return BullModule.registerQueue({ name: UPKEEP_QUEUE });
}

/** What keeps the tables of the stream up. */
export function upkeepProviders(config: OrchestratorConfig, paths: TablePaths): Provider[] {
  return [
    {
      provide: RunUpkeep,
      inject: [REGISTRY, SparkConnection],
      useFactory: ({ upkeep }: Registry, connection: SparkConnection) =>
        new RunUpkeep(upkeep, new DeltaUpkeep(connection, paths, config)),
    },
    UpkeepProcessor,
    {
      provide: RequestUpkeep,
      inject: [getQueueToken(UPKEEP_QUEUE)],
      useFactory: (queue: Queue<UpkeepJob>) => new RequestUpkeep(queue),
    },
    {
      provide: KeepUp,
      inject: [getQueueToken(UPKEEP_QUEUE), UpkeepProcessor, RunUpkeep, SparkConnection, SparkBreaker],
      useFactory: (
        queue: Queue<UpkeepJob>,
        processor: UpkeepProcessor,
        run: RunUpkeep,
        connection: SparkConnection,
        breaker: SparkBreaker,
      ) => {
        const patterns = {
          optimize: config.optimizeCron,
          zorder: config.zorderCron,
          vacuum: config.vacuumCron,
        };
        const schedules = new UpkeepSchedules(queue, upkeepSchedules(patterns));
        return new KeepUp({ worker: () => processor.worker, schedules, run, connection, breaker });
      },
    },
  ];
}
