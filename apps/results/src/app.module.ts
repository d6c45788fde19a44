import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { AnswerSender } from './batch-data/answer-sender';
import { BatchDataController } from './batch-data/batch-data.controller';
import { ComparisonController } from './batch-data/comparison.controller';
import { ResultSchemaController } from './batch-data/result-schema.controller';
import type { ResultsConfig } from './config';
import { HealthController } from './health/health.controller';
import { Readiness } from './health/readiness';
import { RESULTS_CONFIG, RESULTS_PORTS } from './ports';
import type { ResultsPorts } from './ports';
import { RejectsController } from './rejects/rejects.controller';
import { StreamAnalysesController } from './stream-analyses/stream-analyses.controller';
import { TablesController } from './tables/tables.controller';

@Module({})
export class AppModule implements OnApplicationShutdown {
  constructor(@Inject(RESULTS_PORTS) private readonly ports: ResultsPorts) {}

  static of(config: ResultsConfig, ports: ResultsPorts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        BatchDataController,
        ComparisonController,
        HealthController,
        RejectsController,
        ResultSchemaController,
        StreamAnalysesController,
        TablesController,
      ],
      providers: [
        { provide: RESULTS_CONFIG, useValue: config },
        { provide: RESULTS_PORTS, useValue: ports },
        AnswerSender,
        Readiness,
      ],
    };
  }

  /** After the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.ports.close();
  }
}
