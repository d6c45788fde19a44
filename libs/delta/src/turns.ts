/** Lets so much work run at once, the rest in the order in which it came. */
export class Turns {
  private readonly waiting: (() => void)[] = [];
  private running = 0;

  constructor(private readonly limit: number) {}

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Who comes next takes this turn over, so that nobody slips in between.
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
