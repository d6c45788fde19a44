import { Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { INTERNAL_TOKEN, InternalAuthGuard } from '../auth/internal-auth.guard';
import type { LogLevel } from '../config/shared-settings';
import { Drain } from '../drain/drain';
import { loggingOptions } from '../log/logging';
import { AcceptingGuard } from './accepting.guard';

export interface PlatformParts {
  readonly serviceName: string;
  readonly logLevel: LogLevel;
  readonly internalToken: string;
  readonly drain: Drain;
}

/** What `createService` puts around the module of an app; its providers can be injected everywhere. */
@Module({})
export class PlatformModule {
  static around(appModule: Type | DynamicModule, parts: PlatformParts): DynamicModule {
    const providers = [
      { provide: Drain, useValue: parts.drain },
      { provide: INTERNAL_TOKEN, useValue: parts.internalToken },
      InternalAuthGuard,
      AcceptingGuard,
    ];
    return {
      module: PlatformModule,
      global: true,
      imports: [LoggerModule.forRoot(loggingOptions(parts.serviceName, parts.logLevel)), appModule],
      providers,
      exports: providers,
    };
  }
}
