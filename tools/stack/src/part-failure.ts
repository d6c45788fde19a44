/** A part of the stack that could not do its work: what happened and what the person can do about it. */
export class PartFailure extends Error {
  readonly fix: string | undefined;
  readonly logFile: string | undefined;

  /**
   * @param part the name its step and its log carry
   * @param cause one sentence
   */
  constructor(
    readonly part: string,
    cause: string,
    options: { fix?: string | undefined; logFile?: string | undefined; error?: unknown } = {},
  ) {
    super(cause, options.error === undefined ? undefined : { cause: options.error });
    this.name = 'PartFailure';
    this.fix = options.fix;
    this.logFile = options.logFile;
  }
}
