import type { BatchRegistry } from '@millrace/domain';
import { Logger } from '@nestjs/common';
import { PeriodicTask } from '../periodic-task';

const HOUR_MS = 3_600_000;
/** Whoever follows the events of a batch has seen its end by then. */
const KEPT_MS = 24 * HOUR_MS;
/** Not while the service starts, when others need the registry. */
const FIRST_DELAY_MS = 60_000;
const MOST_AT_ONCE = 5_000;

/** Keeps the history of batches from growing for ever: a day after their end nobody needs how they got there. */
export class PruneHistory {
  private readonly logger = new Logger(PruneHistory.name);
  private readonly rounds = new PeriodicTask('Pruning the history', HOUR_MS, () => this.round());
  private isStopped = false;

  constructor(
    private readonly registry: Pick<BatchRegistry, 'pruneHistory'>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  start(): void {
    this.rounds.start(FIRST_DELAY_MS);
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    const endedBefore = new Date(this.now().getTime() - KEPT_MS);
    let total = 0;
    let pruned: number;
    do {
      pruned = await this.registry.pruneHistory(endedBefore, MOST_AT_ONCE);
      total += pruned;
    } while (pruned > 0 && !this.isStopped);
    if (total > 0) this.logger.log({ rows: total }, 'History of ended batches pruned');
  }
}
