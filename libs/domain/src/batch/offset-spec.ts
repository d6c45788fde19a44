import { z } from 'zod';
import { repeatedKey } from '../json/repeated-key';

/** Offsets by partition number. As in Spark, -2 is the earliest and -1 the latest. */
export type OffsetMap = Readonly<Record<string, number>>;
export type OffsetSpec<Word extends string = 'earliest' | 'latest'> = Word | OffsetMap;

const MOST_PARTITIONS = 10_000;

const offsetMapSchema = z
  .record(
    z.string().regex(/^(0|[1-9]\d{0,8})$/, { error: 'is not the number of a partition' }),
    z.int({ error: 'must be a whole number of at most 2^53' }).min(-2, {
      error: 'must be an offset, or -2 for the earliest, or -1 for the latest',
    }),
  )
  .refine((map) => Object.keys(map).length > 0, { error: 'must name the partitions of the topic' })
  .refine((map) => Object.keys(map).length <= MOST_PARTITIONS, { error: 'names too many partitions' });

/** The seeds also write the map as JSON text. */
const offsetMapTextSchema = z
  .string()
  .startsWith('{')
  .transform((text, context): unknown => {
    const map = parseMap(text);
    if (map !== undefined) return map;
    context.addIssue({ code: 'custom', message: 'must be a JSON object that names each partition once' });
    return z.NEVER;
  })
  .pipe(offsetMapSchema);

function parseMap(text: string): unknown {
  try {
    const map = JSON.parse(text) as object;
    // Zod passes over this one name.
    return repeatedKey(text) === undefined && !Object.hasOwn(map, '__proto__') ? map : undefined;
  } catch {
    return undefined;
  }
}

/** A word, or a map of offsets, as an object or as JSON text. */
export function offsetSpecSchema<Word extends 'earliest' | 'latest'>(word: Word) {
  return z
    .union([z.literal(word), offsetMapSchema, offsetMapTextSchema], {
      error: (issue) => problemOf(word, issue),
    })
    .meta({ description: `"${word}", or the offset of each partition, like {"0": 100, "1": 200}` });
}

/** A union tells what is wrong with each of its forms: a client wants to hear of the one it used. */
function problemOf(word: string, { input }: { readonly input?: unknown }): string {
  const issue = formOf(input)?.safeParse(input).error?.issues[0];
  if (issue === undefined) return `must be "${word}" or a map of partition numbers to offsets`;
  const { message } = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
  return issue.path.length === 0 ? message : `partition ${issue.path.map(String).join('.')} ${message}`;
}

function formOf(input: unknown): z.ZodType | undefined {
  if (typeof input === 'string') return input.startsWith('{') ? offsetMapTextSchema : undefined;
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? offsetMapSchema : undefined;
}

/** As the record shows it. */
export function offsetText(spec: OffsetSpec): string {
  return typeof spec === 'string' ? spec : JSON.stringify(spec);
}

/** What a record shows, as it was asked for. */
export function offsetSpecOf(text: string): OffsetSpec {
  return text === 'earliest' || text === 'latest' ? text : offsetMapSchema.parse(JSON.parse(text));
}
