import { KafkaDelivery, formatCount, manifestHead } from '@millrace/generator';
import type { Environment, ManifestHead, RunEnd } from '@millrace/generator';
import { Partitioners } from 'kafkajs';
import type { Terminal } from '../terminal';
import { ReplayAccount } from './account';
import type { ReplayFigures } from './account';
import { readProduceSettings } from './config';
import type { ProduceSettings } from './config';
import { csvFilesOf } from './csv-files';
import { Log } from './log';
import { eventsOfPasses } from './passes';
import { replay } from './replay';

const PROGRESS_EVERY_MS = 200;

/** What `--json` prints. */
export interface ReplaySummary extends ManifestHead, ReplayFigures {
  readonly topic: string;
  /** False where some are unacknowledged, or one may be stored twice because the broker lost its memory of the producer. */
  readonly isExact: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** `retail produce`. @throws InvalidSettings, UnreadableCsv, KafkaUnavailable */
export async function produceCommand(
  cliArguments: readonly string[],
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const settings = readProduceSettings(environment, cliArguments, process.cwd());
  // Told before a minute of waiting for Kafka.
  await csvFilesOf(settings.input);
  const run = new ProduceRun(settings, terminal);
  try {
    await run.send();
  } catch (error) {
    run.conclude(terminal.stop.aborted ? 'stopped' : 'failed');
    throw error;
  }
  run.conclude(terminal.stop.aborted ? 'stopped' : 'done');
}

class ProduceRun {
  private readonly account = new ReplayAccount();
  private readonly started = new Date();
  private readonly log: Log;
  private mayHaveDoubled = false;

  constructor(
    private readonly settings: ProduceSettings,
    private readonly terminal: Terminal,
  ) {
    this.log = new Log(terminal.progress, settings.logLevel);
  }

  async send(): Promise<void> {
    const { settings, account, log, terminal } = this;
    const { brokers, topic, eventsPerSecond, order, limit } = settings;
    const rate = eventsPerSecond === undefined ? 'as fast as Kafka takes them' : `${eventsPerSecond}/s`;
    log.info(`${settings.input.path} to ${topic} at ${brokers.join(',')}, ${rate}, in order of ${order}`);
    const delivery = await this.open();
    const timer = setInterval(() => {
      log.report('events acknowledged', account.acknowledged, settings.loops ? limit : undefined);
    }, PROGRESS_EVERY_MS);
    try {
      const events = eventsOfPasses(settings, log, terminal.stop);
      await replay(events, { settings, delivery, account, signals: terminal });
    } finally {
      clearInterval(timer);
      terminal.progress.end();
      this.mayHaveDoubled = delivery.mayHaveDoubled;
      await delivery.close();
    }
  }

  /** Prints the summary: also right after a stop or a failure, because what was acknowledged is in Kafka. */
  conclude(end: RunEnd): void {
    const { settings, started, account, mayHaveDoubled, terminal } = this;
    const { figures } = account;
    const summary: ReplaySummary = {
      ...manifestHead('retail-produce', started, end),
      topic: settings.topic,
      ...figures,
      isExact: figures.unacknowledged === 0 && !mayHaveDoubled,
      // Not the security: it holds a password.
      settings: { ...settings, input: settings.input.path, security: undefined, printsJson: undefined },
    };
    terminal.out(settings.printsJson ? JSON.stringify(summary) : textOf(summary, started));
  }

  private open(): Promise<KafkaDelivery> {
    const { brokers, security, topic } = this.settings;
    return KafkaDelivery.open({
      brokers,
      security,
      topic,
      compression: 'none',
      clientId: 'millrace-retail',
      // Order ids of others may be any text, and some rows have none.
      partitioner: Partitioners.DefaultPartitioner,
      say: (line) => {
        this.log.warn(line);
      },
      stop: this.terminal.stop,
    });
  }
}

function textOf(summary: ReplaySummary, started: Date): string {
  const { topic, sent, acknowledged, unacknowledged, firstEventTime, lastEventTime } = summary;
  const seconds = (Date.now() - started.getTime()) / 1000;
  const rate = formatCount(acknowledged / Math.max(seconds, 0.001));
  return [
    `${formatCount(sent)} events sent to topic ${topic} in ${seconds.toFixed(1)} s, ${rate}/s`,
    `  acknowledged    ${formatCount(acknowledged)}`,
    ...(unacknowledged > 0
      ? [`  unacknowledged  ${formatCount(unacknowledged)}: they may be stored or not`]
      : []),
    ...(firstEventTime === null ? [] : [`  event times     ${firstEventTime} to ${lastEventTime ?? ''}`]),
  ].join('\n');
}
