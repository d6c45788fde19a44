import type { Reporter, Step } from '../bin/progress.mjs' with { 'resolution-mode': 'import' };

export type { Reporter, Step };
