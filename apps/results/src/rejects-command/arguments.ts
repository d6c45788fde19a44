import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { RejectSelection } from './matching-rejects';

export const HELP = `Usage: npm run rejects -- replay [--reason <text>]... [--topic <name>] [--since <time>] [--until <time>] [options]

Sends rejected events to their topics again, with their own bytes and keys, once what was wrong with them is mended.
Each is sent once, however often this is run. One that is still wrong is rejected again, as a reject of its own.

  --reason <text>  only those that were rejected for this reason, as GET /stream/rejects spells it; may be repeated
  --topic <name>   only those of this topic
  --since <time>   only those rejected at this time or later: 2025-01-31 or 2025-01-31T08:00:00Z
  --until <time>   only those rejected before this time
  --all            all of them; needed where nothing above is said

  --limit <n>      sends at most so many
  --dry-run        tells what would be sent, and sends nothing
  --json           one JSON document on standard output (with npm run --silent nothing else is)
  -h, --help       this text

Works on the running local stack (MILLRACE_HOME, .millrace unless set), or on what DATABASE_URL, DELTA_BASE_PATH and
KAFKA_BOOTSTRAP_SERVERS name. Exit code 0: all was sent that was to be; 1: some could not be, or it was interrupted;
2: wrong usage, or the registry, the files or Kafka cannot be reached.
`;

export interface ReplayOptions {
  readonly selection: RejectSelection;
  readonly limit: number;
  readonly isDryRun: boolean;
  readonly json: boolean;
}

export type RejectsArguments =
  | ({ readonly kind: 'run' } & ReplayOptions)
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly message: string };

const time = (name: string) =>
  z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], {
      error: `--${name} must be a date or a time with its zone, like 2025-01-31 or 2025-01-31T08:00:00Z`,
    })
    .transform((text) => new Date(text))
    .optional();

const optionsSchema = z.object({
  reason: z.array(z.string().min(1, '--reason must not be empty')).default([]),
  topic: z.string().min(1, '--topic must not be empty').optional(),
  since: time('since'),
  until: time('until'),
  all: z.boolean().default(false),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, '--limit must be a whole number from 1')
    .transform(Number)
    .optional(),
  'dry-run': z.boolean().default(false),
  json: z.boolean().default(false),
});

export function parseArguments(args: readonly string[]): RejectsArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        reason: { type: 'string', multiple: true },
        topic: { type: 'string' },
        since: { type: 'string' },
        until: { type: 'string' },
        all: { type: 'boolean' },
        limit: { type: 'string' },
        'dry-run': { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    if (positionals.length !== 1 || positionals[0] !== 'replay') return usage('say: replay');
    return optionsOf(values);
  } catch (error) {
    return usage(error instanceof Error ? error.message : String(error));
  }
}

function optionsOf(values: unknown): RejectsArguments {
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) return usage(parsed.error.issues.map(({ message }) => message).join('\n'));
  const { reason, topic, since, until, all, limit, json } = parsed.data;
  const selection = { reasons: reason.length === 0 ? undefined : new Set(reason), topic, since, until };
  const problem = problemOf(selection, all);
  if (problem !== undefined) return usage(problem);
  return {
    kind: 'run',
    selection,
    limit: limit ?? Number.MAX_SAFE_INTEGER,
    isDryRun: parsed.data['dry-run'],
    json,
  };
}

function problemOf(selection: RejectSelection, all: boolean): string | undefined {
  const isNarrowed = Object.values(selection).some((value) => value !== undefined);
  if (all && isNarrowed) return '--all goes with no --reason, --topic, --since or --until';
  if (!all && !isNarrowed) return 'say which: --reason, --topic, --since, --until, or --all';
  const { since, until } = selection;
  const isEmpty = since !== undefined && until !== undefined && since >= until;
  return isEmpty ? '--since must be before --until' : undefined;
}

const usage = (message: string): RejectsArguments => ({ kind: 'usage', message });
