import type { GeneratorSettings } from './config';
import { KafkaDelivery } from './delivery';
import type { Delivery, DeliveryOptions } from './delivery';
import { Account, generate } from './generate';
import { ManifestFile, manifestHead } from './manifest';
import type { ManifestHead, RunEnd } from './manifest';
import { PipedDelivery } from './piped-delivery';
import { formatCount } from './progress';
import type { Progress } from './progress';
import { Sender } from './sender';
import { summaryOf } from './summary';
import type { Counts } from './truth';

const PROGRESS_EVERY_MS = 200;
const MANY_EVENTS = 100_000;

export interface GeneratorManifest extends ManifestHead, Counts {
  /** False where messages may be in the topic that are not counted here, or one twice that is counted once. */
  readonly isExact: boolean;
  /** Messages that Kafka did not acknowledge in time: they may be stored or not. The counts are without them. */
  readonly unacknowledged: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** One run of the generator, and the account of it. */
export class Run {
  private readonly account = new Account();
  private readonly started = new Date();
  private readonly file: ManifestFile | undefined;
  private mayHaveDoubled = false;

  /** @throws InvalidSettings where the manifest cannot be written: now, not after an hour. */
  constructor(
    private readonly settings: GeneratorSettings,
    private readonly progress: Progress,
  ) {
    const { manifest } = settings;
    this.file = manifest === undefined ? undefined : new ManifestFile(manifest.calledAs, manifest.path);
    this.file?.write(this.manifest(null));
  }

  /** @throws KafkaUnavailable */
  async produce(stop: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const { settings, account, progress } = this;
    const say = (line: string): void => {
      progress.say(line);
    };
    const sender = new Sender(settings, await this.open({ ...settings, say, stop }));
    giveUp.addEventListener('abort', () => {
      sender.giveUp();
    });
    const timer = setInterval(() => {
      progress.report('events acknowledged', account.acknowledged, settings.maxEvents);
    }, PROGRESS_EVERY_MS);
    try {
      await generate(settings, sender, account, stop);
    } finally {
      clearInterval(timer);
      progress.end();
      this.mayHaveDoubled = sender.mayHaveDoubled;
      await sender.close();
    }
  }

  /** A Java process is worth its start only where there is much to send at once. */
  private open(options: DeliveryOptions): Promise<Delivery> {
    const { isBurst, maxEvents = Infinity } = this.settings;
    const isPiped = isBurst && maxEvents >= MANY_EVENTS && PipedDelivery.isAtHand;
    return isPiped ? PipedDelivery.open(options) : KafkaDelivery.open(options);
  }

  /**
   * Writes the manifest and returns the summary. Also right after a stop or a failure: what was acknowledged is in Kafka.
   * @throws InvalidSettings where the manifest can no longer be written.
   */
  conclude(end: RunEnd): string {
    const manifest = this.manifest(end);
    this.file?.write(manifest);
    return this.settings.printsJson ? JSON.stringify(manifest) : this.textOf(manifest);
  }

  private manifest(end: RunEnd | null): GeneratorManifest {
    const { unacknowledged, truth } = this.account;
    const { settings } = this;
    return {
      ...manifestHead('generator', this.started, end),
      isExact: end !== null && unacknowledged === 0 && !this.mayHaveDoubled,
      ...truth.counts,
      unacknowledged,
      // Not the security: it holds a password.
      settings: { ...settings, security: undefined, manifest: undefined, printsJson: undefined },
    };
  }

  private textOf(manifest: GeneratorManifest): string {
    const { topic, manifest: file } = this.settings;
    const seconds = (Date.now() - this.started.getTime()) / 1000;
    const rate = formatCount(manifest.sent / Math.max(seconds, 0.001));
    const lines = [
      `${formatCount(manifest.sent)} events acknowledged by Kafka (topic ${topic}) in ${seconds.toFixed(1)} s, ${rate}/s`,
      summaryOf(manifest),
    ];
    if (manifest.unacknowledged > 0) {
      lines.push(`  unacknowledged  ${formatCount(manifest.unacknowledged)} more may be stored or not`);
    }
    if (file !== undefined) lines.push(`  manifest        ${file.path}`);
    return lines.join('\n');
  }
}
