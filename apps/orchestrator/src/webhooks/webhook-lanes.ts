interface Task {
  readonly run: () => Promise<void>;
  /** Not begun after this time: whoever handed it in counts on it. */
  readonly startBy: Date;
}

interface Lane {
  readonly waiting: Task[];
  isBusy: boolean;
}

const MOST_WAITING_PER_LANE = 500;

/**
 * Runs a few tasks at once, one at a time of each lane: a lane whose tasks take long holds only itself back. Lanes take
 * turns.
 */
export class WebhookLanes {
  private readonly lanes = new Map<string, Lane>();
  private readonly underWay = new Set<Promise<void>>();

  /** @param atOnce most tasks that run at a time, of all lanes. */
  constructor(
    private readonly atOnce: number,
    private readonly now: () => Date,
  ) {}

  /** False when the lane is full: the task is not kept. */
  offer(name: string, task: Task): boolean {
    const lane = this.lanes.get(name) ?? { waiting: [], isBusy: false };
    if (lane.waiting.length >= MOST_WAITING_PER_LANE) return false;
    lane.waiting.push(task);
    this.lanes.set(name, lane);
    this.startMore();
    return true;
  }

  /** Forgets what has not begun. */
  clear(): void {
    for (const lane of this.lanes.values()) lane.waiting.length = 0;
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  private startMore(): void {
    for (const [name, lane] of [...this.lanes]) {
      if (this.underWay.size >= this.atOnce) return;
      const task = lane.isBusy ? undefined : this.nextOf(lane);
      if (task !== undefined) this.start(name, lane, task);
      else if (!lane.isBusy) this.lanes.delete(name);
    }
  }

  private nextOf(lane: Lane): Task | undefined {
    let task = lane.waiting.shift();
    while (task !== undefined && task.startBy < this.now()) task = lane.waiting.shift();
    return task;
  }

  private start(name: string, lane: Lane, task: Task): void {
    lane.isBusy = true;
    const done = task.run().finally(() => {
      lane.isBusy = false;
      // To the end of the row: the others are first now.
      this.lanes.delete(name);
      this.lanes.set(name, lane);
      this.underWay.delete(done);
      this.startMore();
    });
    this.underWay.add(done);
  }
}
