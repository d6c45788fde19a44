import { PartFailure } from '../part-failure';

/**
 * Brings the registry's tables up to date.
 * @returns the names of the migrations applied
 * @throws PartFailure
 */
export async function migrate(databaseUrl: string): Promise<readonly string[]> {
  // Loaded at this point only: it takes a moment, in which the servers already start.
  const registry = await import('@millrace/registry');
  try {
    return (await registry.migrate(databaseUrl)).applied;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PartFailure('migrate', `the registry's tables could not be brought up to date: ${why}`, {
      fix: 'if the data may go: npm start -- --reset',
      error,
    });
  }
}
