/** Confs of the builder: sent once, before the first request that may depend on them, shared by all views of a session. */
export class InitialConf {
  private applied: Promise<void> | undefined;

  constructor(private readonly pairs: Readonly<Record<string, string>>) {}

  apply(send: (pairs: Readonly<Record<string, string>>) => Promise<unknown>): Promise<void> {
    if (Object.keys(this.pairs).length === 0) return Promise.resolve();
    this.applied ??= this.send(send);
    return this.applied;
  }

  private async send(send: (pairs: Readonly<Record<string, string>>) => Promise<unknown>): Promise<void> {
    try {
      await send(this.pairs);
    } catch (error) {
      // Forgotten, so that the next request tries again.
      this.applied = undefined;
      throw error;
    }
  }
}
