import { connectSuite } from './connect/connect-suite';
import type { Suite } from './suite';

/** By the name that `npm run bench -- <name>` takes. */
export const SUITES: Readonly<Record<string, Suite>> = {
  connect: connectSuite,
};
