import type { DuckDbEngine } from './duckdb-engine';

/** An engine that is made when it is first needed: it is bound to the real paths of folders, which may not exist before. */
export class LazyEngine {
  private engine: Promise<DuckDbEngine> | undefined;

  constructor(private readonly create: () => Promise<DuckDbEngine>) {}

  async get(): Promise<DuckDbEngine> {
    this.engine ??= this.create();
    try {
      return await this.engine;
    } catch (error) {
      this.engine = undefined;
      throw error;
    }
  }

  async close(): Promise<void> {
    (await this.engine?.catch(() => undefined))?.close();
  }
}
