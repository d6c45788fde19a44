import { SparkSession } from '../session/spark-session';
import { FAST_RETRIES } from './scripted-session';

/** Ports of two servers: one that plays its scripts, and one that accepts connections and says nothing. */
export interface FinishingClientInput {
  readonly port: number;
  readonly silentPort: number;
}

const sessionAt = (port: number): SparkSession =>
  SparkSession.builder()
    .remote(`sc://127.0.0.1:${String(port)}/;user_id=u`)
    .clientSettings({ retryPolicy: { ...FAST_RETRIES, initialBackoffMs: 60_000, maxBackoffMs: 60_000 } })
    .build();

const codeOf = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'fulfilled',
    (error: unknown) => (error as { readonly code?: unknown }).code,
  );

/** Leaves something under way of every kind, closes, and says how each ended. After that nothing may keep the process alive. */
async function main({ port, silentPort }: FinishingClientInput): Promise<void> {
  const [spark, nowhere] = [sessionAt(port), sessionAt(silentPort)];
  const { signal } = new AbortController();
  const results = [codeOf(spark.range(1).collect({ signal }))];
  await results[0];
  // A reader who pauses, and is forgotten: no timer of it may keep the process.
  await spark.range(1).toLocalIterator({ signal, deadlineMs: 3_600_000 }).next();
  results.push(
    codeOf(spark.range(1).collect({ signal, deadlineMs: 3_600_000 })),
    codeOf(spark.conf.get('k', { signal, deadlineMs: 3_600_000 })),
    codeOf(spark.version({ signal, deadlineMs: 3_600_000 })),
    codeOf(nowhere.range(1).collect({ signal, deadlineMs: 3_600_000 })),
  );
  // Sent last on the same connection: when it is answered, the server has got the others.
  await spark.interruptTag('t');
  await Promise.all([spark.close(), nowhere.close()]);
  process.stdout.write(`${JSON.stringify(await Promise.all(results))}\n`);
}

void main(JSON.parse(process.argv[2] ?? '{}') as FinishingClientInput);
