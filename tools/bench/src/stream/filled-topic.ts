import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GENERATOR = join(__dirname, '..', '..', '..', 'generator', 'dist', 'main.js');

/**
 * Sends so many transactions to a topic of its own, as fast as they are made; none is malformed, late or sent twice.
 * @throws Error where Kafka did not take each once.
 */
export async function fillTopic(broker: string, topic: string, events: number): Promise<void> {
  const args = ['--burst', '--count', String(events), '--seed', '42', '--json'];
  const { stdout } = await run(process.execPath, [GENERATOR, ...args], {
    env: { ...withoutSettings(), KAFKA_BOOTSTRAP_SERVERS: broker, KAFKA_TOPIC: topic },
    maxBuffer: 1 << 26,
  });
  const { sent, isExact } = JSON.parse(stdout) as { sent: number; isExact: boolean };
  if (sent !== events || !isExact) throw new Error(`${sent} of ${events} events were sent`);
}

/** What a person may have set for the generator is not what is measured. */
function withoutSettings(): NodeJS.ProcessEnv {
  const { PATH, JAVA_HOME } = process.env;
  return { ...(PATH !== undefined && { PATH }), ...(JAVA_HOME !== undefined && { JAVA_HOME }) };
}
