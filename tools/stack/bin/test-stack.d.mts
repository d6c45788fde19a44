export interface TestStackOptions {
  /** More flags of `npm start`; `--fast` alone where nothing is said. */
  readonly flags?: readonly string[];
  /** JVMs that compile quickly, as tests want them (the default), rather than well. */
  readonly isQuickJvm?: boolean;
  /** Whether its standard output is shown (the default). Its errors always are. */
  readonly isShown?: boolean;
  /** Such as `3g`. */
  readonly sparkHeap?: string;
}

/** A stack of its own for one run of tests or of a bench: a fresh home, free ports, nothing of it left afterwards. */
export declare class TestStack {
  private constructor();
  /**
   * Resolves once everything answers.
   * @throws Failure that names the logs, where it does not start
   */
  static start(options?: TestStackOptions): Promise<TestStack>;
  readonly home: string;
  /** Its `endpoints.json`. */
  readonly endpoints: string;
  /** What specs need to find it. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Drains and stops it.
   * @returns whether it ended in order
   */
  stop(options?: {
    /** Leave the logs for a look at them. */
    readonly keep?: boolean;
  }): Promise<boolean>;
}
