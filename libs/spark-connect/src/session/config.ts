/** Where a builder connects to that was not told: as PySpark. */
export function defaultRemote(): string {
  const remote = process.env['SPARK_REMOTE'] ?? '';
  return remote === '' ? 'sc://localhost:15002' : remote;
}
