import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GENERATOR = join(__dirname, '..', '..', '..', 'generator', 'dist', 'main.js');

/** Sends so many transactions to a topic of its own, as fast as they are made; none is malformed, late or sent twice. */
export async function fillTopic(broker: string, topic: string, events: number): Promise<void> {
  await run(process.execPath, [GENERATOR, '--burst', '--count', String(events), '--seed', '42'], {
    env: { ...process.env, KAFKA_BOOTSTRAP_SERVERS: broker, KAFKA_TOPIC: topic },
    maxBuffer: 1 << 26,
  });
}
