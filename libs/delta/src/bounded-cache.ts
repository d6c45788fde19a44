interface Entry<Value> {
  readonly value: Promise<Value>;
  /** Undefined until it is known. */
  known?: Value;
  /** 0 until it is known. */
  size: number;
}

/**
 * What was used last of things that cost much to read, bounded by their sizes together. Two requests for one thing that is
 * being read share the reading; a failure is not remembered.
 */
export class BoundedCache<Value> {
  private readonly entries = new Map<string, Entry<Value>>();
  private total = 0;

  constructor(
    private readonly maxSize: number,
    private readonly sizeOf: (value: Value) => number,
  ) {}

  async get(key: string, read: () => Promise<Value>): Promise<Value> {
    const used = this.use(key);
    if (used !== undefined) return used.value;
    const entry: Entry<Value> = { value: read(), size: 0 };
    this.entries.set(key, entry);
    try {
      const value = await entry.value;
      if (this.entries.get(key) === entry) {
        entry.known = value;
        entry.size = this.sizeOf(value);
        this.total += entry.size;
        this.evict(key);
      }
      return value;
    } catch (error) {
      if (this.entries.get(key) === entry) this.entries.delete(key);
      throw error;
    }
  }

  /** What is there already; undefined also where it is being read. */
  known(key: string): Value | undefined {
    return this.use(key)?.known;
  }

  forget(key: string): void {
    this.total -= this.entries.get(key)?.size ?? 0;
    this.entries.delete(key);
  }

  private use(key: string): Entry<Value> | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    // A Map keeps the order of insertion, so the first key is the one that was not used for longest.
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry;
  }

  private evict(newest: string): void {
    for (const key of this.entries.keys()) {
      if (this.total <= this.maxSize) return;
      if (key !== newest) this.forget(key);
    }
  }
}
