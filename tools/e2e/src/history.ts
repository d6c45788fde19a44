import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deltaBasePath, endpoints } from './stack-under-test';

const run = promisify(execFile);
const SEEDER = join(__dirname, '..', '..', 'seeder', 'dist', 'main.js');

/** Seeds the same small history once: the seeder adds nothing when it is asked again. */
export async function ensureHistory(): Promise<void> {
  await run(process.execPath, [SEEDER], {
    env: {
      ...process.env,
      SPARK_REMOTE: endpoints.sparkConnect,
      DELTA_BASE_PATH: deltaBasePath(),
      KAFKA_BOOTSTRAP_SERVERS: endpoints.kafka,
      TOTAL_RECORDS: '20000',
      SEED: '42',
    },
  });
}
