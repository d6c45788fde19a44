/** The value of a reader's or writer's option; it travels as text. */
export type OptionValue = string | number | bigint | boolean;

/** Options by name. */
export type Options = Readonly<Record<string, OptionValue>>;

/**
 * Options by name. As on the server the case of a name does not matter and the last value of one holds; its spelling is kept, because
 * what Spark hands options on to (Hadoop, JDBC drivers) may look at it.
 */
export class OptionMap {
  private readonly entries = new Map<string, readonly [key: string, text: string]>();

  set(key: string, value: OptionValue): void {
    this.entries.set(key.toLowerCase(), [key, String(value)]);
  }

  setAll(options: Options): void {
    for (const [key, value] of Object.entries(options)) this.set(key, value);
  }

  /** As the protocol takes them. */
  toRecord(): Record<string, string> {
    return Object.fromEntries(this.entries.values());
  }
}
