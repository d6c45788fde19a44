import { InvalidSettings, readGeneratorSettings } from './config';
import type { GeneratorSettings } from './config';
import { KafkaDelivery } from './delivery';
import { generate } from './generate';

const PROGRESS_EVERY_MS = 10_000;
/** How long the last events may take to be acknowledged after a stop. */
const FLUSH_TIMEOUT_MS = 10_000;

const say = (line: string): void => {
  console.error(`generator: ${line}`);
};

function reportProgress(delivery: KafkaDelivery): NodeJS.Timeout {
  let before = delivery.acknowledged;
  return setInterval(() => {
    const perSecond = ((delivery.acknowledged - before) * 1000) / PROGRESS_EVERY_MS;
    before = delivery.acknowledged;
    say(`${delivery.acknowledged} events acknowledged, ${perSecond.toFixed(1)}/s in the last 10 s`);
  }, PROGRESS_EVERY_MS);
}

async function run(settings: GeneratorSettings): Promise<void> {
  const stop = new AbortController();
  const giveUp = new AbortController();
  const onSignal = (): void => {
    // A second signal means it: the default handler of the process ends it.
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    stop.abort();
    setTimeout(() => {
      giveUp.abort();
    }, FLUSH_TIMEOUT_MS).unref();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

  const rate = settings.isBurst ? 'as fast as Kafka takes them' : `${settings.eventsPerSecond}/s`;
  say(`${rate} to ${settings.topic} at ${settings.brokers.join(',')}, SEED=${settings.seed}`);
  const delivery = await KafkaDelivery.open({ ...settings, say, stop: stop.signal });
  const progress = reportProgress(delivery);
  try {
    await generate(settings, delivery, stop.signal, giveUp.signal);
  } finally {
    clearInterval(progress);
    console.log(`${delivery.acknowledged} events acknowledged by Kafka (topic ${settings.topic})`);
  }
  await delivery.close();
}

async function main(): Promise<number> {
  try {
    await run(readGeneratorSettings(process.env));
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof InvalidSettings ? 2 : 1;
  }
}

void main().then((code) => process.exit(code));
