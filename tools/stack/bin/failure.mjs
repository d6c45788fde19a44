/** Something a person has to see to: one sentence on the cause, one on the cure. */
export class Failure extends Error {
  /**
   * @param {string} cause
   * @param {{ fix?: string, log?: string, tail?: string[], code?: number }} more
   */
  constructor(cause, more = {}) {
    super(cause);
    this.name = 'Failure';
    Object.assign(this, { code: 1, tail: [], ...more });
  }
}

/** Says what went wrong: the end of the log, the cause, the cure, the log file. */
export function showFailure(error, reporter) {
  const { colours } = reporter;
  for (const line of error.tail ?? []) reporter.say(colours.dim(`   | ${line}`));
  reporter.say(colours.red(` failed: ${error instanceof Failure ? error.message : (error.stack ?? error)}`));
  if (error.fix) reporter.say(` to fix it: ${error.fix}`);
  if (error.log) reporter.say(` log: ${error.log}`);
}
