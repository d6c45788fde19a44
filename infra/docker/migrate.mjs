/**
 * Brings the registry of DATABASE_URL to the newest migration, before a service starts. May run several times at once and again and
 * again: one migrates, the others wait, and then nothing is left to do.
 */
import { migrate } from '@millrace/registry';

const { DATABASE_URL: databaseUrl } = process.env;

if (databaseUrl === undefined || databaseUrl === '') {
  process.stderr.write('DATABASE_URL is required: the Postgres of the registry\n');
  process.exit(1);
}

try {
  const { applied } = await migrate(databaseUrl);
  process.stdout.write(
    applied.length === 0 ? 'the registry is up to date\n' : `applied: ${applied.join(', ')}\n`,
  );
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
