import { prepare } from './prepare.mjs';
import { Stages, runStaticStages, runUnitStage } from './stages.mjs';

/** `npm run check`: format, types, lint and unit specs in one go. */
export async function check(args, { reporter, yes }) {
  await prepare({ reporter, yes, runsServers: false, compiles: false });
  const stages = new Stages(reporter);
  await runStaticStages(stages);
  await runUnitStage(stages, args);
  stages.summarise();
  return stages.ok ? 0 : 1;
}
