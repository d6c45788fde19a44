import { burstSuite } from './batch/burst-suite';
import { cancelSuite } from './batch/cancel-suite';
import { isolationSuite } from './batch/isolation-suite';
import { overheadSuite } from './batch/overhead-suite';
import { shapeSuite } from './batch/shape-suite';
import { connectSuite } from './connect/connect-suite';
import { generatorSuite } from './load/generator-suite';
import { seederSuite } from './load/seeder-suite';
import { pagesSuite } from './results/pages-suite';
import { readersSuite } from './results/readers-suite';
import { freshnessSuite } from './stream/freshness-suite';
import { ingestSuite } from './stream/ingest-suite';
import { smallFilesSuite } from './stream/small-files-suite';
import { soakSuite } from './stream/soak-suite';
import type { Suite } from './suite';

/** By the name that `npm run bench -- <name>` takes. */
export const SUITES: Readonly<Record<string, Suite>> = {
  connect: connectSuite,
  'batch-overhead': overheadSuite,
  'batch-shape': shapeSuite,
  'batch-isolation': isolationSuite,
  'batch-burst': burstSuite,
  'batch-cancel': cancelSuite,
  pages: pagesSuite,
  readers: readersSuite,
  ingest: ingestSuite,
  freshness: freshnessSuite,
  soak: soakSuite,
  'small-files': smallFilesSuite,
  generator: generatorSuite,
  seeder: seederSuite,
};
