import { Logger } from '@nestjs/common';
import type { JobSchedulerJson, Queue } from 'bullmq';
import { hasEnded, withinDeadline } from '../batch/bull-deadline';
import { PeriodicTask } from '../periodic-task';
import { UPKEEP_JOB_OPTIONS } from './upkeep-queue';
import type { UpkeepJob, UpkeepSchedule } from './upkeep-queue';

const INTERVAL_MS = 60_000;
const TIME_ZONE = 'UTC';

/** Keeps the schedules in Redis as the settings say, also when Redis has lost them meanwhile. */
export class UpkeepSchedules {
  private readonly logger = new Logger(UpkeepSchedules.name);
  private readonly rounds = new PeriodicTask('Setting the times of upkeep', INTERVAL_MS, () => this.round());

  constructor(
    private readonly queue: Queue<UpkeepJob>,
    private readonly schedules: readonly UpkeepSchedule[],
  ) {}

  start(): void {
    this.rounds.start();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  async round(): Promise<void> {
    const found = await withinDeadline(this.queue.getJobSchedulers());
    for (const { key } of found) {
      if (!this.schedules.some(({ name }) => name === key)) {
        await withinDeadline(this.queue.removeJobScheduler(key));
      }
    }
    for (const schedule of this.schedules) {
      const known = found.find(({ key }) => key === schedule.name);
      if (!(await this.isSet(schedule, known))) await this.set(schedule);
    }
  }

  /** One that is as it should be is left alone: setting it anew would pass over what is due since this process was away. */
  private async isSet({ name, pattern }: UpkeepSchedule, known: JobSchedulerJson | undefined) {
    if (known?.pattern !== pattern || known.tz !== TIME_ZONE || known.next === undefined) return false;
    // Somebody may have deleted the next job; then there would never be another.
    const state = await withinDeadline(this.queue.getJobState(`repeat:${name}:${known.next}`));
    return !hasEnded(state);
  }

  private async set({ name, pattern, table, operation }: UpkeepSchedule): Promise<void> {
    const template = { name, data: { table, operation }, opts: UPKEEP_JOB_OPTIONS };
    const job = await withinDeadline(
      this.queue.upsertJobScheduler(name, { pattern, tz: TIME_ZONE }, template),
    );
    const next = new Date(job.timestamp + job.delay).toISOString();
    this.logger.log({ table, operation, pattern, next }, 'Upkeep is scheduled');
  }
}
