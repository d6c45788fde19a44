import { Random } from '@millrace/generator';
import { held, inOrderOfTime, shuffled } from './arranged-events';
import type { ProduceSettings } from './config';
import { csvFilesOf } from './csv-files';
import { rowsOf } from './csv-rows';
import type { Log } from './log';
import { eventOf } from './retail-event';
import type { RetailEvent } from './retail-event';

type PassSettings = Pick<ProduceSettings, 'input' | 'order' | 'seed' | 'loops' | 'spreadsDay'>;

/**
 * The events of all files in the order that is asked for; with `loops` again and again, each time of the files that are there
 * then.
 * @param stop ends the events.
 * @throws InvalidSettings where there are no files, or too many rows to put in order; UnreadableCsv
 */
export async function* eventsOfPasses(
  settings: PassSettings,
  log: Log,
  stop: AbortSignal,
): AsyncGenerator<RetailEvent> {
  for (let pass = 1; ; pass++) {
    let isEmpty = true;
    for await (const event of eventsOfPass(settings, pass, log, stop)) {
      isEmpty = false;
      yield event;
    }
    if (stop.aborted) return;
    if (isEmpty) log.warn(`there is no row in the files of ${settings.input.path}`);
    if (isEmpty || !settings.loops) return;
    if (pass === 1)
      log.warn('beginning again: the times are those of before, which a stream with a watermark drops');
  }
}

async function* eventsOfPass(
  { input, order, seed, spreadsDay }: PassSettings,
  pass: number,
  log: Log,
  stop: AbortSignal,
): AsyncGenerator<RetailEvent> {
  const read = eventsOfFiles(await csvFilesOf(input), spreadsDay, log, stop);
  if (order === 'file') {
    yield* read;
    return;
  }
  const events = await held(read);
  if (stop.aborted) return;
  if (order === 'shuffle') yield* shuffled(events, Random.of('retail-shuffle', seed, pass));
  else yield* timely(events, log);
}

function timely(events: readonly RetailEvent[], log: Log): RetailEvent[] {
  const unreadable = events.filter(({ eventMs }) => eventMs === undefined).length;
  if (unreadable > 0) log.warn(`rows whose event_time cannot be read come last: ${unreadable}`);
  return inOrderOfTime(events);
}

async function* eventsOfFiles(
  files: readonly string[],
  spreadsDay: boolean,
  log: Log,
  stop: AbortSignal,
): AsyncGenerator<RetailEvent> {
  const now = (): Date => new Date();
  for (const file of files) {
    log.debug(`reading ${file}`);
    for await (const row of rowsOf(file)) {
      if (stop.aborted) return;
      yield eventOf(row, spreadsDay, now);
    }
  }
}
