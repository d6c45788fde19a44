import { createService } from '@millrace/platform';
import type { Service, ServiceOptions } from '@millrace/platform';
import { AppModule } from './app.module';
import type { GatewayConfig } from './config';
import { admission } from './control/admission';
import { registerApiPages } from './openapi/api-pages';
import { registerQueuePages } from './ops/queue-pages';
import type { QueuePagesOptions } from './ops/queue-pages';
import { WEB_PAGES_FOLDER, registerWebPages } from './pages/web-pages';
import type { GatewayPorts } from './ports';

export interface GatewayExtras {
  /** Absent (no real queue): there are no queue pages. */
  readonly queuePages?: Omit<QueuePagesOptions, 'readOnly'>;
  readonly exit?: ServiceOptions['exit'];
}

/** The gateway, ready to listen. */
export function createGateway(
  config: GatewayConfig,
  ports: GatewayPorts,
  { queuePages, exit }: GatewayExtras = {},
): Promise<Service> {
  return createService(AppModule.of(config, ports), {
    name: 'gateway',
    host: config.host,
    port: config.port,
    logLevel: config.logLevel,
    internalToken: config.internalToken,
    admit: admission(config),
    ...(exit === undefined ? {} : { exit }),
    prepare: (app) => {
      registerApiPages(app);
      const instance = app.getHttpAdapter().getInstance();
      registerWebPages(instance, { folder: WEB_PAGES_FOLDER, settings: { pollMs: config.pagePollMs } });
      if (queuePages === undefined) return;
      registerQueuePages(instance, { ...queuePages, readOnly: config.opsToken === undefined });
    },
  });
}
