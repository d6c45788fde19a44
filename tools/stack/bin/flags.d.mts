export interface StartOptions {
  /** Drain and exit once everything was shown. */
  readonly exit: boolean;
  readonly serversOnly: boolean;
  readonly demo: boolean;
  readonly reset: boolean;
  /** How many records of history the demo seeds. */
  readonly records: number;
  readonly yes: boolean;
  /** Durability off: for data that a test throws away. */
  readonly fast: boolean;
  readonly untilStdinCloses: boolean;
}

export type ParsedFlags =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly message: string };

export declare const START_HELP: string;
export declare function parseStartFlags(args: readonly string[]): ParsedFlags;
