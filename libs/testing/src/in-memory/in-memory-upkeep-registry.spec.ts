import { describeUpkeepRegistry } from '../conformance/upkeep-registry';
import { InMemoryUpkeepRegistry } from './in-memory-upkeep-registry';

describeUpkeepRegistry('InMemoryUpkeepRegistry', () =>
  Promise.resolve({ port: new InMemoryUpkeepRegistry(), close: () => Promise.resolve() }),
);
