import { createService, runMain } from '@millrace/platform';
import { AppModule } from './app.module';
import { readOrchestratorConfig } from './config';
import { Lifecycle } from './control/lifecycle';

runMain(async () => {
  const config = readOrchestratorConfig();
  const service = await createService(AppModule.of(config), { name: 'orchestrator', ...config });
  const lifecycle = service.app.get(Lifecycle);
  for (const stage of lifecycle.drainStages) service.drain.add(stage);
  await service.listen();
  await lifecycle.begin();
});
