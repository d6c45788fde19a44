import type { Output } from './output';

/** What a suite is run with. */
export interface BenchContext {
  readonly output: Output;
  /** Few calls and rows: the figures mean nothing. */
  readonly isQuick: boolean;
}

/** Measurements that belong together. */
export interface Suite {
  /** One line, as the list of suites shows it. */
  readonly summary: string;
  /** Measures and prints. Rejects where something does not work, never because it is slow. */
  run(context: BenchContext): Promise<void>;
}
